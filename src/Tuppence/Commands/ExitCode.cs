namespace Tuppence.Commands;

/// <summary>Exit codes of the program; those above 63 are from BSD's <c>sysexits.h</c>.</summary>
public static class ExitCode
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>Something failed while running.</summary>
    public const int Failure = 1;

    /// <summary>The command line is wrong (<c>EX_USAGE</c>).</summary>
    public const int Usage = 64;

    /// <summary>Ended by Ctrl-C or a signal (128 and the number of SIGINT, as shells have it).</summary>
    public const int Interrupted = 130;

    /// <summary>The configuration is wrong (<c>EX_CONFIG</c>).</summary>
    public const int Config = 78;
}
