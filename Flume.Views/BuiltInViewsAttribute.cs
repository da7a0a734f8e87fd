namespace Flume.Views;

/// <summary>Marks an assembly whose views come with Flume.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class BuiltInViewsAttribute : Attribute;
