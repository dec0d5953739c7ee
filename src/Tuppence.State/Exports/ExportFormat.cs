namespace Tuppence.State.Exports;

/// <summary>The form of an export. All of them hold the same columns, and DuckDB reads each.</summary>
public enum ExportFormat
{
    /// <summary>Comma-separated values with a head line (RFC 4180).</summary>
    Csv,

    /// <summary>A JSON object a line (https://jsonlines.org).</summary>
    JsonLines,

    /// <summary>Apache Parquet.</summary>
    Parquet,
}
