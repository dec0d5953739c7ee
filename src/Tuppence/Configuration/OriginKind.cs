namespace Tuppence.Configuration;

/// <summary>The layers of configuration, the weakest first.</summary>
public enum OriginKind
{
    /// <summary>Built in.</summary>
    Default,

    /// <summary>Built in, for a process that runs inside a container.</summary>
    Container,

    /// <summary>The configuration file.</summary>
    File,

    /// <summary>An environment variable.</summary>
    Environment,

    /// <summary>A flag of the command line.</summary>
    Flag,
}
