using System.Text;
using Tuppence.Configuration;

namespace Tuppence.Commands;

/// <summary>Where the program writes for people: standard output and error, with color only where a person looks at it.</summary>
/// <param name="output">Standard output.</param>
/// <param name="error">Standard error.</param>
/// <param name="colorsOutput">Whether <paramref name="output"/> shows color.</param>
/// <param name="colorsError">Whether <paramref name="error"/> shows color.</param>
/// <param name="isWatched">Whether <paramref name="output"/> is a terminal, so that a person looks at it.</param>
public sealed class Terminal(TextWriter output, TextWriter error, bool colorsOutput = false, bool colorsError = false, bool isWatched = false)
{
    /// <summary>Standard output; each line leaves at once.</summary>
    public TextWriter Output => output;

    /// <summary>Standard error; each line leaves at once.</summary>
    public TextWriter Error => error;

    /// <summary>Whether standard output shows color.</summary>
    public bool ColorsOutput => colorsOutput;

    /// <summary>Whether standard output is a terminal, so that a person looks at it.</summary>
    public bool IsWatched => isWatched;

    /// <summary>Whether standard error shows color.</summary>
    public bool ColorsError => colorsError;

    /// <summary>That of the process. Color only on a terminal, and not where <c>NO_COLOR</c> (https://no-color.org) or <c>TERM=dumb</c> says so.</summary>
    public static Terminal OfProcess(Surroundings surroundings)
    {
        ArgumentNullException.ThrowIfNull(surroundings);
        var wanted = surroundings["NO_COLOR"] is null && surroundings["TERM"] != "dumb";

        // Console.Out would start the platform's terminal layer, which a server does not need and which costs milliseconds.
        return new Terminal(
            Writer(Console.OpenStandardOutput()),
            Writer(Console.OpenStandardError()),
            wanted && !Console.IsOutputRedirected,
            wanted && !Console.IsErrorRedirected,
            !Console.IsOutputRedirected);
    }

    /// <summary>The text in bold where standard output shows color.</summary>
    public string Strong(string text) => Paint(text, "1", colorsOutput);

    /// <summary>The text dimmed where standard output shows color.</summary>
    public string Faint(string text) => Paint(text, "2", colorsOutput);

    /// <summary>The text in red where standard error shows color.</summary>
    public string Alarm(string text) => Paint(text, "31;1", colorsError);

    private static string Paint(string text, string code, bool colors) => colors ? $"\e[{code}m{text}\e[0m" : text;

    private static TextWriter Writer(Stream stream) =>
        TextWriter.Synchronized(new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1024, leaveOpen: true) { AutoFlush = true });
}
