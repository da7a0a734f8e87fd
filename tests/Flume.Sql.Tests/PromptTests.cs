using System.Diagnostics;
using System.Text;
using Flume.TestKit;

namespace Flume.Sql.Tests;

/// <summary>The prompt of <c>flume sql</c> on a terminal that util-linux's script makes.</summary>
[Trait("Category", "Slow")]
public sealed class PromptTests : IDisposable
{
    private const string Prompt = "\nsql> ";
    private const string ArrowUp = "\u001b[A";

    private readonly TemporaryFolder _folder = new();

    public PromptTests()
    {
        string own = Directory.CreateDirectory(_folder[Path.Combine("data", "identities", "kay")]).FullName;
        File.Copy(Vectors.Log, Path.Combine(own, "log.offset"));
        File.Copy(Vectors.Secret, Path.Combine(own, "secret"));
    }

    [ScriptFact]
    public async Task Statements_commands_and_errors_are_answered_and_the_next_prompt_remembers_them()
    {
        using (Terminal first = new(_folder))
        {
            await first.UntilAsync(Prompt);
            Assert.Contains("votes_raw", await first.AskAsync(".tables"));
            Assert.Contains("CREATE TABLE keys", await first.AskAsync(".schema keys"));
            Assert.Contains("no such column", await first.AskAsync("SELECT missing FROM keys;"));
            Assert.Contains("There is no command .nothing", await first.AskAsync(".nothing"));
            await first.SendAsync("SELECT count(*) AS messages\n", "\n...> ");
            Assert.Contains("1000", await first.SendAsync("FROM messages_raw;\n", Prompt));
            Assert.Equal(0, await first.EndAsync(".quit\n"));
        }

        Assert.Contains("SELECT count(*) AS messages FROM messages_raw;", await File.ReadAllTextAsync(_folder[Path.Combine("flume", "sql-history")]));
        using Terminal second = new(_folder);
        await second.UntilAsync(Prompt);
        await second.SendAsync(ArrowUp, "messages_raw;");
        Assert.Contains("1000", await second.SendAsync("\n", Prompt));
        Assert.Equal(0, await second.EndAsync("\u0004"));
    }

    public void Dispose() => _folder.Dispose();

    private sealed class Terminal : IDisposable
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

        private readonly Process _process;

        public Terminal(TemporaryFolder folder)
        {
            string flume = Path.Combine(AppContext.BaseDirectory, "flume");
            ProcessStartInfo start = new("script", ["-q", "-e", "-c", $"'{flume}' sql --data '{folder["data"]}'", "/dev/null"])
            {
                RedirectStandardInput = true, RedirectStandardOutput = true,
                Environment = { ["XDG_STATE_HOME"] = folder.Path, ["TERM"] = "xterm" },
            };
            _process = Process.Start(start)!;
        }

        public Task<string> AskAsync(string line) => SendAsync(line + "\n", Prompt);

        /// <summary>Types a text, and gives what is shown from then until <paramref name="then"/> is.</summary>
        public async Task<string> SendAsync(string text, string then)
        {
            await _process.StandardInput.WriteAsync(text);
            await _process.StandardInput.FlushAsync();
            return await UntilAsync(then);
        }

        public async Task<string> UntilAsync(string wanted)
        {
            StringBuilder shown = new();
            char[] one = new char[1];
            using CancellationTokenSource late = new(Patience);
            while (!shown.ToString().EndsWith(wanted, StringComparison.Ordinal))
            {
                if (await _process.StandardOutput.ReadAsync(one, late.Token) == 0)
                    throw new InvalidOperationException($"'{wanted}' was not shown, but: {shown}");
                shown.Append(one[0]);
            }

            return shown.ToString();
        }

        public async Task<int> EndAsync(string text)
        {
            await _process.StandardInput.WriteAsync(text);
            await _process.StandardInput.FlushAsync();
            await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
            await _process.WaitForExitAsync().WaitAsync(Patience);
            return _process.ExitCode;
        }

        public void Dispose()
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
            _process.Dispose();
        }
    }
}

/// <summary>A test on a terminal: skipped, with the reason, where util-linux's script is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ScriptFactAttribute : FactAttribute
{
    public ScriptFactAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!OperatingSystem.IsLinux() || !Array.Exists(folders, folder => File.Exists(Path.Combine(folder, "script"))))
            Skip = "script of util-linux is not installed: apt-get install bsdutils.";
    }
}
