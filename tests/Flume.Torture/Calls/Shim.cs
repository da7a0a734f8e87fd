using System.Diagnostics;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace Flume.Torture.Calls;

/// <summary>The classes of calls that <c>faultshim.c</c> tells apart; the values are its masks.</summary>
[Flags]
internal enum CallClass
{
    Open = 1,
    Write = 2,
    Fsync = 4,
    Rename = 8,
    Unlink = 16,
    Truncate = 32,
    Mkdir = 64,
    Mmap = 128,
    Link = 512,
    Allocate = 1024,
    FolderSync = 2048,
}

/// <summary>One fault: which call of a class fails, how, and on which paths.</summary>
/// <param name="Class">The calls.</param>
/// <param name="Error">The errno.</param>
/// <param name="Nth">The number of the first failing call, from 1.</param>
internal sealed record Fault(CallClass Class, int Error, int Nth)
{
    /// <summary>How many calls fail; 0 for all from then on.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The first failing write stores half.</summary>
    public bool IsTorn { get; init; }

    /// <summary>What the path must contain; with <c>!</c> in front, must not.</summary>
    public string Paths { get; init; } = "";

    public override string ToString() =>
        $"{Class} #{Nth} fails with {Error}{(IsTorn ? ", torn" : "")}{(Count == 0 ? ", for ever" : "")} on {Paths}";
}

/// <summary>A copy of the program that runs with the fault library, and the page that arms its faults.</summary>
internal sealed class Shim : IDisposable
{
    private const int PageBytes = 4096, TextBytes = 255, PatternAt = 256, LastAt = 512;
    private static readonly string[] Compilers = ["cc", "gcc", "clang"];

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _page;
    private readonly string _control;
    private readonly string _library;

    /// <summary>Compiles the library and copies the program into a folder.</summary>
    /// <exception cref="InvalidOperationException">The compiler refuses.</exception>
    public Shim(string folder, string flume)
    {
        string program = Path.Combine(folder, "program");
        Copy(Path.GetDirectoryName(flume)!, program);
        Program = Path.Combine(program, Path.GetFileName(flume));
        // .NET looks for "libc" of a P/Invoke beside the program first.
        _library = Path.Combine(program, "libc.so");
        Compile(_library);
        _control = Path.Combine(folder, "control");
        File.WriteAllBytes(_control, new byte[PageBytes]);
        _file = MemoryMappedFile.CreateFromFile(_control, FileMode.Open, null, PageBytes);
        _page = _file.CreateViewAccessor();
    }

    /// <summary>The C compiler of this machine; null when there is none.</summary>
    public static string? Compiler { get; } = Array.Find(Compilers, IsInstalled);

    /// <summary>The copy of the program.</summary>
    public string Program { get; }

    /// <summary>How many calls failed since <see cref="Arm"/>.</summary>
    public long Fired => _page.ReadInt64(8 * sizeof(long));

    /// <summary>The path of the last call that failed.</summary>
    public string LastPath
    {
        get
        {
            byte[] text = new byte[TextBytes];
            _page.ReadArray(LastAt, text, 0, TextBytes);
            return Encoding.UTF8.GetString(text).Split('\0')[0];
        }
    }

    /// <summary>The environment of a process whose calls below a folder can fail.</summary>
    public Dictionary<string, string> Environment(string root) => new()
    {
        ["LD_PRELOAD"] = _library, ["FAULT_ROOT"] = root, ["FAULT_CTL"] = _control,
    };

    public void Arm(Fault fault)
    {
        Disarm();
        long[] fields = [0, (long)fault.Class, fault.Nth, fault.Count, fault.Error, fault.IsTorn ? 1 : 0, 0, 0, 0];
        _page.WriteArray(0, fields, 0, fields.Length);
        byte[] texts = new byte[LastAt + TextBytes + 1 - PatternAt];
        Encoding.UTF8.GetBytes(fault.Paths).CopyTo(texts, 0);
        _page.WriteArray(PatternAt, texts, 0, texts.Length);
        _page.Write(0, 1L);
    }

    public void Disarm() => _page.Write(0, 0L);

    public void Dispose()
    {
        _page.Dispose();
        _file.Dispose();
    }

    private static bool IsInstalled(string compiler) =>
        (Environment().Split(':')).Any(folder => File.Exists(Path.Combine(folder, compiler)));

    private static string Environment() => System.Environment.GetEnvironmentVariable("PATH") ?? "";

    private static void Compile(string library)
    {
        string source = Path.Combine(AppContext.BaseDirectory, "faultshim.c");
        using Process compiler = Process.Start(new ProcessStartInfo(
            Compiler!, ["-O2", "-shared", "-fPIC", "-o", library, source, "-ldl"])
        { RedirectStandardError = true })!;
        string error = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        if (compiler.ExitCode != 0) throw new InvalidOperationException($"{Compiler} cannot compile {source}: {error}");
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.GetDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
