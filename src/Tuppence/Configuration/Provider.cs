namespace Tuppence.Configuration;

/// <summary>Who serves an upstream, and so what a Messages request becomes on its wire.</summary>
public enum Provider
{
    /// <summary>The Messages API as it is: Anthropic's own, any compatible gateway, the emulator.</summary>
    Messages,

    /// <summary>Claude Platform on AWS: the Messages API, with a workspace and AWS credentials.</summary>
    ClaudeOnAws,

    /// <summary>Amazon Bedrock's Messages endpoint.</summary>
    BedrockMessages,

    /// <summary>Amazon Bedrock's InvokeModel.</summary>
    Bedrock,

    /// <summary>Google Cloud's Vertex AI, rawPredict.</summary>
    Vertex,

    /// <summary>Claude on Google Cloud, operated by Anthropic.</summary>
    ClaudeOnGoogleCloud,

    /// <summary>Microsoft Foundry.</summary>
    Foundry,
}
