using System.Linq.Expressions;
using System.Reflection;

namespace Akka.Actor.Internal;

/// <summary>
/// Evaluates the arguments of <c>() => new TActor(...)</c>, the usual forms without compiling anything.
/// </summary>
internal static class ExpressionValue
{
    public static object Of(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(Owner(member)),
        MemberExpression { Member: PropertyInfo property } member => property.GetValue(Owner(member)),
        UnaryExpression { NodeType: ExpressionType.Convert, Method: null } boxing when boxing.Type == typeof(object) =>
            Of(boxing.Operand),
        _ => Expression.Lambda<Func<object>>(Expression.Convert(expression, typeof(object)))
            .Compile(preferInterpretation: true)(),
    };

    private static object Owner(MemberExpression member) => member.Expression == null ? null : Of(member.Expression);
}
