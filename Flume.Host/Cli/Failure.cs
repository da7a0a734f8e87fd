using System.Net.Http;
using System.Net.Sockets;
using Flume.Actors;
using Flume.Host.Serving;
using Flume.Log;
using Flume.Query.MapFilterReduce;
using Flume.Ssb.Api;
using Flume.Ssb.Crypto;
using Flume.Ssb.Messages;
using Flume.Views.Store;

namespace Flume.Host.Cli;

/// <summary>Maps an exception to an exit code and a message for the user.</summary>
internal static class Failure
{
    /// <summary>True when the verb ended because nothing reads its output any more.</summary>
    public static bool IsOutputClosed(Exception error)
    {
        for (Exception? at = error; at is not null; at = at.InnerException)
            if (at is OutputClosedException) return true;
        return false;
    }

    /// <summary>The exit code and the message for an error that ended a verb.</summary>
    public static VerbException Of(Exception error) => error switch
    {
        VerbException verb => verb,
        OperationCanceledException => new(ExitCode.Interrupted, "Stopped.", error),
        LogLockedException => new(ExitCode.Held, error.Message, error),
        DirectoryHeldException => new(ExitCode.Held, error.Message, error),
        LogDamagedException or LogFormatException or StoreDamagedException =>
            new(ExitCode.Damaged, error.Message, error),
        IdentityRejectedException { InnerException: LogDamagedException or LogFormatException } =>
            new(ExitCode.Damaged, error.Message, error),
        HttpRequestException or HttpIOException => new(ExitCode.Unreachable,
            $"The server ended the connection before its answer was whole: {error.Message}", error),
        SettingsException => new(ExitCode.Usage, error.Message, error),
        AddressRefusedException { IsTaken: true } => new(ExitCode.Held, error.Message, error),
        ApiException api => new(ExitCode.Failed, $"{api.ErrorName}: {api.Message}", error),
        LogException or IOException or UnauthorizedAccessException or SocketException or
            ReadRejectedException or AppendRejectedException or AppendFailedException or IdentityRejectedException or
            QueryException or SecretFileException or SodiumMissingException or ArgumentException =>
            new(ExitCode.Failed, error.Message, error),
        _ => new(ExitCode.Failed, $"This is a bug of flume; please report it. {error}", error),
    };
}
