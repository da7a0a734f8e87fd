using Akka.Actor;

namespace Akka.Configuration;

/// <summary>A configuration that parses and yet can not be used.</summary>
public class ConfigurationException : AkkaException
{
    public ConfigurationException(string message) : base(message)
    {
    }

    public ConfigurationException(string message, Exception exception) : base(message, exception)
    {
    }
}
