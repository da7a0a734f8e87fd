namespace Flume.Views;

/// <summary>Marks an assembly whose views are part of Flume.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class BuiltInViewsAttribute : Attribute;
