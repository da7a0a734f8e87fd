using Flume.Actors;
using Flume.Log;
using Flume.Ssb.Api;

namespace Flume.Torture.Side;

/// <summary>One damaged data directory: opened by an engine, appended to, closed, and compared with its logs.</summary>
internal sealed class SideTrial(Attempt attempt, SideTemplate template)
{
    private static readonly string[] Names = ["me", "bob"];

    private readonly string _data = Path.Combine(attempt.MemoryFolder, "d");
    private string _damage = "";

    public async Task RunAsync()
    {
        template.CopyTo(_data);
        _damage = new SideDamage(attempt.Random, _data, template).Do();
        Dictionary<string, byte[]> logs = Names.ToDictionary(name => name, name => File.ReadAllBytes(LogOf(name)));
        attempt.Run.Count();
        bool isOpened = await OpenAsync();
        foreach (string name in Names)
        {
            byte[] before = logs[name];
            if (!File.ReadAllBytes(LogOf(name)).AsSpan().StartsWith(before)) Violate("a log was changed", name);
            if (!isOpened) continue;
            foreach (string wrong in await RowsJudge.CompareAsync(_data, name))
                JudgeRows($"{name}: {wrong}");
        }
    }

    // A block of rows is verified when it is read: an error that says so is no wrong answer.
    private void JudgeRows(string wrong)
    {
        if (wrong.Contains(" is damaged: ", StringComparison.Ordinal)) attempt.Run.Note("damaged rows that a reader notices");
        else Violate("rows differ from the log", wrong);
    }

    private string LogOf(string name) => Path.Combine(_data, "identities", name, "log.offset");

    // Only a damaged journal may keep the engine from starting: it holds what operators decided.
    private async Task<bool> OpenAsync()
    {
        try
        {
            await using var engine = new SideEngine(_data);
            foreach (string name in Names)
            {
                await engine.ResumeAsync(name, "about");
                if (await engine.LiveAsync(name) is { } late) Violate("views do not become live", $"{name}: {late}");
                if (await engine.AppendAsync(name) is { } refused)
                    Violate("an append is refused", $"{name}: {refused}");
                if (await engine.LiveAsync(name) is { } behind)
                    Violate("views do not follow an append", $"{name}: {behind}");
            }

            return true;
        }
        catch (Exception refused) when (refused is LogException or IOException or IdentityRejectedException
            or InvalidOperationException)
        {
            if (_damage.Contains("journal", StringComparison.Ordinal)) attempt.Run.Note("a damaged journal is refused");
            else Violate($"a start is refused with {refused.GetType().Name}", refused.Message);
            return false;
        }
    }

    private void Violate(string sort, string details) => attempt.Violate(sort, $"{_damage}: {details}");
}
