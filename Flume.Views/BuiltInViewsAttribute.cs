namespace Flume.Views;

/// <summary>Marks an assembly whose views come with Flume.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class BuiltInViewsAttribute : Attribute;
