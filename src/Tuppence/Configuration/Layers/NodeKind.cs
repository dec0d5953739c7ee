namespace Tuppence.Configuration.Layers;

/// <summary>What a configured value was written as.</summary>
internal enum NodeKind
{
    /// <summary>Bare text from a flag, the environment, or a <c>key=value</c> file; its type is the setting's business.</summary>
    Text,

    /// <summary>A JSON string.</summary>
    String,

    /// <summary>A JSON number, as written.</summary>
    Number,

    /// <summary>JSON <c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>JSON <c>null</c>: as if the member were absent.</summary>
    Null,

    /// <summary>A JSON array, or a flag given several times.</summary>
    Array,

    /// <summary>A JSON object.</summary>
    Object,
}
