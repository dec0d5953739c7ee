using System.Text.Json;

namespace Tuppence.Emulator.Requests;

/// <summary>A tool that the client runs.</summary>
internal readonly record struct Tool(string Name, JsonElement Schema);
