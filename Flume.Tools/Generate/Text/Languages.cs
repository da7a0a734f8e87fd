namespace Flume.Tools.Generate.Text;

/// <summary>The languages of a generated network, with the share of authors for each.</summary>
internal static class Languages
{
    private static readonly Language[] All = Vocabularies();

    /// <summary>Authors in a hundred, in the order of the vocabularies.</summary>
    private static readonly int[] Shares = [56, 9, 9, 6, 4, 5, 2, 3, 3, 1, 2];

    /// <summary>The default language.</summary>
    public static Language English => All[0];

    /// <summary>Draws a language by its share of authors.</summary>
    public static Language Pick(ref RandomStream random)
    {
        int draw = random.Below(100), at = 0;
        while (draw >= Shares[at]) draw -= Shares[at++];
        return All[at];
    }

    private static Language[] Vocabularies() =>
    [
        new(0, true,
            "the of and to a in is that it for you was with on as are this be have from or by not but what all " +
            "we when your can there an use each which do how their if will up other about out many then them " +
            "these so some her would make like him into time has look two more write go see number no way could " +
            "people my than first water been call who oil its now find long down day did get come made may part " +
            "gossip feed message friend follow pub offline boat garden solar mesh scuttle butt crab hermit",
            "an ter ing er con pre st ri lo ma be ty ock ight own est al ment ver ro ble fin sh ar wel ce dis " +
            "un for ly ness ful gr tan wil der pl en ock sea wind lan"),
        new(1, true,
            "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden " +
            "aus er hat dass sie nach wird bei einer um am sind noch wie einem über so zum war haben nur oder " +
            "aber vor zur bis mehr durch man schön Straße Grüße",
            "ge be ver stein wald ung heit keit schaft lich größ mög über ent schl brück münd flu ßen tag nach " +
            "ring er en"),
        new(2, true,
            "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me " +
            "si sin sobre este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde " +
            "está mañana",
            "ción ado es tra ña ri co mar mo lu per día ten go ni sa lle ba ro ín te van qui pue"),
        new(3, true,
            "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec " +
            "son aux d'un cette on ou été à où même déjà très",
            "eau tion ment ré pré ou ai er eur ille oux ché gne vi sou lan ter mai ça é ble con pas"),
        new(4, true,
            "w i na z się do nie jest to że o jak za od po przez a tak ale dla już był",
            "szcz prz owa ość nie ski ą ę łu ży ka ro wie ści mo dzi ów na tr"),
        new(5, true,
            "и в не на я быть он с что а по это она этот к но они мы весь который из у то за свой ты год",
            "ство про пере ний ова ти ка ро мо ле на при раз ход ще ын ва лю до ми"),
        new(6, true,
            "και το να του η της με που την από για είναι στο ο τα δεν θα σε",
            "τικ λογ παν μέν ος α ρο κα θάλ ασσ ου φι λο νη σί δρο"),
        new(7, false,
            "の に は を た が で て と し れ さ ある いる も する から な こと として",
            "海 船 風 あ い う え か き く さ し す た な は ま ら ん ー カ ニ ネ ット 人 日 本 語 話 友"),
        new(8, false,
            "的 一 是 不 了 在 人 有 我 他 这 个 们 中 来 上 大 为 和 国",
            "海 网 风 水 山 友 信 息 船 天 地 学 生 时 间 说 话 好 新 家 日 月 火 木 金"),
        new(9, true,
            "के में है की से को और का हैं पर यह कि एक भी नहीं",
            "ना रा ती मा का लि पु स्त वा की र्म दे सं गी"),
        new(10, true,
            "في من على أن إلى عن هذا التي ما لا كان مع هو",
            "ال مو را ني كت با مد سل ور ين ها لي حر شم"),
    ];
}
