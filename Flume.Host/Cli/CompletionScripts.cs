using System.Text;

namespace Flume.Host.Cli;

/// <summary>Writes completion scripts. A script contains all words, so that completion starts no process.</summary>
internal static class CompletionScripts
{
    /// <summary>The bash script; it requires bash alone.</summary>
    public static string Bash(IReadOnlyList<CompletedVerb> verbs)
    {
        StringBuilder script = new("""
            _flume() {
              local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb=${COMP_WORDS[1]} words=
              COMPREPLY=()
              if [ "$COMP_CWORD" -eq 1 ]; then

            """);
        string names = string.Join(' ', verbs.Select(verb => verb.Name));
        script.Append($"    COMPREPLY=($(compgen -W \"{names} --help --version\" -- \"$word\"))\n");
        script.Append("    return\n  fi\n  case \"$verb\" in\n");
        foreach (CompletedVerb verb in verbs)
        {
            string valued = string.Join(
                '|', verb.Options.Where(option => option.TakesValue).Select(option => option.Name));
            if (valued.Length == 0) valued = "''";
            script.Append($"    {verb.Name})\n");
            script.Append(
                $"      case \"$before\" in {valued}) COMPREPLY=($(compgen -f -- \"$word\")); return ;; esac\n");
            string options = string.Join(' ', verb.Options.Select(option => option.Name));
            script.Append(
                $"      if [[ $word == -* ]]; then words=\"{options} --help\"\n" +
                $"      else words=\"{string.Join(' ', verb.Words)}\"; fi ;;\n");
        }

        script.Append("""
              esac
              if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$word"))
              else COMPREPLY=($(compgen -f -- "$word")); fi
            }
            complete -o filenames -F _flume flume
            """);
        return script.ToString();
    }

    /// <summary>The zsh script.</summary>
    public static string Zsh(IReadOnlyList<CompletedVerb> verbs)
    {
        StringBuilder script = new("#compdef flume\n_flume() {\n  local -a verbs\n  verbs=(\n");
        foreach (CompletedVerb verb in verbs) script.Append($"    {Quoted($"{verb.Name}:{verb.Description}")}\n");
        script.Append("  )\n  if (( CURRENT == 2 )); then\n    _describe verb verbs\n    return\n  fi\n");
        script.Append("  case $words[2] in\n");
        foreach (CompletedVerb verb in verbs)
        {
            script.Append($"    {verb.Name}) _arguments '2:verb:'");
            foreach ((string name, string description, bool takesValue) in verb.Options)
                script.Append($" {Quoted($"{name}[{Bracketed(description)}]{(takesValue ? ":value:_files" : "")}")}");
            string words = verb.Words.Count == 0 ? "_files" : $"({string.Join(' ', verb.Words)})";
            script.Append($" '*:argument:{words}' ;;\n");
        }

        script.Append(
            "  esac\n}\nif [ \"$funcstack[1]\" = _flume ]; then _flume \"$@\"; else compdef _flume flume; fi");
        return script.ToString();
    }

    /// <summary>The fish script.</summary>
    public static string Fish(IReadOnlyList<CompletedVerb> verbs)
    {
        StringBuilder script = new();
        foreach (CompletedVerb verb in verbs)
        {
            script.Append(
                $"complete -c flume -n __fish_use_subcommand -f -a {verb.Name} -d {Quoted(verb.Description)}\n");
            string here = $"-n '__fish_seen_subcommand_from {verb.Name}'";
            foreach ((string name, string description, bool takesValue) in verb.Options)
            {
                string value = takesValue ? "-r " : "";
                script.Append($"complete -c flume {here} -l {name[2..]} {value}-d {Quoted(description)}\n");
            }

            if (verb.Words.Count > 0)
                script.Append($"complete -c flume {here} -f -a {Quoted(string.Join(' ', verb.Words))}\n");
        }

        return script.ToString().TrimEnd();
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string Bracketed(string text) =>
        text.Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal);
}
