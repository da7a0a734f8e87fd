using Flume.Actors;
using Flume.Log;
using Flume.Log.Primitives;
using Flume.Ssb.Messages;
using Flume.Tools.Import;

namespace Flume.Host.Serving;

/// <summary>Imports a log, and optionally its key pair, into an identity's directory.</summary>
internal static class LogImporter
{
    /// <summary>
    /// Copies the log and checks every record. It keeps an existing secret of the identity, and refuses a different
    /// one.
    /// </summary>
    /// <exception cref="LogException">The source is damaged, or the identity has a log.</exception>
    /// <exception cref="IOException">The identity has a different secret.</exception>
    public static LogImportReport Copy(
        DataDirectory data, ImportRequest request, IProgress<LogProgress>? progress, CancellationToken cancel)
    {
        (IdentityFiles identity, FeedKeys? keys) = Prepare(data, request);
        using (OffsetLog source = OffsetLog.Open(request.File, new LogOptions { ReadOnly = true }))
        {
            if (SigningNetwork.FaultOf(source) is { } fault)
                throw new IOException($"{fault} Nothing was imported.");
        }

        LogImportReport report = LogImport.Copy(
            request.File, identity.Log, new LogImportOptions { Progress = progress, Width = request.Width }, cancel);
        Finish(identity, keys, request, cancel);
        return report;
    }

    /// <summary>
    /// As <see cref="Copy"/>, from the log of ssb-db2: each message becomes JSON, and its id is checked.
    /// </summary>
    /// <exception cref="LogException">The source is damaged, or the identity has a log.</exception>
    /// <exception cref="IOException">
    /// The identity has a different secret, or the messages are of another network.
    /// </exception>
    public static Db2ImportReport CopyDb2(
        DataDirectory data, ImportRequest request, IProgress<LogProgress>? progress, CancellationToken cancel)
    {
        (IdentityFiles identity, FeedKeys? keys) = Prepare(data, request);
        Db2ImportReport report = Db2Import.Copy(
            request.File, identity.Log, new LogImportOptions { Progress = progress, Width = request.Width }, cancel);
        string? fault;
        using (OffsetLog made = OffsetLog.Open(identity.Log, new LogOptions { ReadOnly = true }))
            fault = SigningNetwork.FaultOf(made);
        if (fault is not null)
        {
            File.Delete(identity.Log);
            throw new IOException($"{fault} Nothing was imported.");
        }

        Finish(identity, keys, request, cancel);
        return report;
    }

    /// <summary>The checksums detect later changes; up to here the copy was compared record by record.</summary>
    public static void TakeChecksums(string path, CancellationToken cancel)
    {
        using OffsetLog log = OffsetLog.Open(path);
        while (!cancel.IsCancellationRequested && log.AddChecksums())
        {
        }
    }

    private static (IdentityFiles Files, FeedKeys? Keys) Prepare(DataDirectory data, ImportRequest request)
    {
        IdentityFiles identity = data.Identity(request.Identity);
        identity.RefuseLinks();
        FeedKeys? keys = request.Secret is { } secret ? SecretFile.Read(secret) : null;
        if (keys is not null && File.Exists(identity.Secret) && SecretFile.Read(identity.Secret).Id is var old &&
            old != keys.Id)
        {
            throw new IOException(
                $"{identity.Secret} holds the keys of {old}; those of {keys.Id} can't replace them. " +
                "Import under another name.");
        }

        data.RefuseTwin(
            request.Identity, keys?.Id, "Import without --secret, or into another data directory.");
        return (identity, keys);
    }

    private static void Finish(
        IdentityFiles identity, FeedKeys? keys, ImportRequest request, CancellationToken cancel)
    {
        if (keys is not null) SecretFile.TryCreate(identity.Secret, keys);
        if (request.Secret is { } secret) CopyAddresses(secret, identity.Secret);
        TakeChecksums(identity.Log, cancel);
    }

    /// <summary>Copies the addresses of peers that a JavaScript server stored beside its key pair.</summary>
    private static void CopyAddresses(string secret, string copy)
    {
        foreach (string name in (string[])["conn.json", "gossip.json"])
        {
            string from = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(secret))!, name);
            string to = Path.Combine(Path.GetDirectoryName(copy)!, name);
            if (File.Exists(from) && !File.Exists(to)) OwnerFile.Replace(to, File.ReadAllBytes(from));
        }
    }
}

/// <summary>What to import.</summary>
/// <param name="File">The log.</param>
/// <param name="Identity">The name of the identity to make.</param>
/// <param name="Secret">A key pair to copy; null for none.</param>
/// <param name="Width">The width of the copy's offsets; null for that of the file.</param>
internal sealed record ImportRequest(string File, string Identity, string? Secret, OffsetWidth? Width = null);
