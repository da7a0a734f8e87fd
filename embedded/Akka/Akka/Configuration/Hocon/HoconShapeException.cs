namespace Akka.Configuration.Hocon;

/// <summary>An element was asked for what it is not: a string for its items, say.</summary>
/// <remarks>
/// Akka.NET's contract for this is the base type, so callers catch that one; nothing here waits to be written. Whoever is not
/// sure of an element asks <see cref="IHoconElement.IsString"/> or <see cref="IHoconElement.IsArray"/> first.
/// </remarks>
internal sealed class HoconShapeException(string text) : NotImplementedException(text);
