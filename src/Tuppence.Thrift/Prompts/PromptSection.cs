namespace Tuppence.Thrift.Prompts;

/// <summary>The parts of a prompt in the order in which they are rendered and cached.</summary>
public enum PromptSection
{
    /// <summary>Tool definitions.</summary>
    Tools,

    /// <summary>The system prompt.</summary>
    System,

    /// <summary>The messages.</summary>
    Messages,
}
