using Tuppence.Messages.Models;
using Tuppence.Thrift.Prompts;

namespace Tuppence.Thrift.Planning;

/// <summary>What a planner is made with. Everything has a default.</summary>
public sealed record PlannerOptions
{
    /// <summary>Counts tokens. Default: by bytes.</summary>
    public ITokenCounter Tokens { get; init; } = ByteTokenCounter.Instance;

    /// <summary>The models.</summary>
    public ModelTable Models { get; init; } = ModelTable.Default;
}
