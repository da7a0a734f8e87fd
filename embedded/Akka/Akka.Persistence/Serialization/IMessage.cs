namespace Akka.Persistence.Serialization;

/// <summary>Something that journals store.</summary>
public interface IMessage
{
}
