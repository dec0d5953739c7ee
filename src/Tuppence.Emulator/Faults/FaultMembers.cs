using System.Globalization;
using Tuppence.Messages.Errors;

namespace Tuppence.Emulator.Faults;

/// <summary>The kinds of fault, the members each takes, and their ranges.</summary>
internal static class FaultMembers
{
    private const string Anyone = " times path ";

    // Kind, the member its value in "kind=value" stands for, and the members it takes.
    private static readonly (string Name, FaultKind Kind, string? Main, string Takes)[] Table =
    [
        ("status", FaultKind.Status, "status", " status type message retry-after should-retry "),
        ("error-event", FaultKind.ErrorEvent, "type", " type message after-events after-bytes "),
        ("cut", FaultKind.Cut, null, " after-bytes after-events "),
        ("reset", FaultKind.Reset, null, " after-bytes after-events "),
        ("stall", FaultKind.Stall, "for", " for after-bytes after-events "),
        ("slow", FaultKind.Slow, "bytes-per-second", " bytes-per-second "),
        ("garbage", FaultKind.Garbage, "place", " place after-bytes after-events "),
    ];

    /// <summary>The kinds, for messages.</summary>
    public static string Kinds => string.Join(", ", Table.Select(row => row.Name));

    /// <summary>The member that the value in <c>kind=value</c> stands for.</summary>
    public static string? MainOf(string kind) => Table.FirstOrDefault(row => row.Name == kind).Main ?? (Table.Any(row => row.Name == kind) ? null : "");

    /// <summary>The fault, or a message that says which member is wrong and what it may be.</summary>
    public static (Fault? Fault, string? Error) Build(string kind, IReadOnlyDictionary<string, string> members, string text)
    {
        var row = Table.FirstOrDefault(row => row.Name == kind);
        if (row.Name is null)
        {
            return (null, $"There is no fault \"{kind}\". Kinds: {Kinds}.");
        }

        if (members.Keys.FirstOrDefault(name => !(row.Takes + Anyone).Contains($" {name} ", StringComparison.Ordinal)) is { } unknown)
        {
            return (null, $"The fault {kind} has no \"{unknown}\". It takes:{row.Takes}{Anyone[1..]}".TrimEnd() + ".");
        }

        var problems = new List<string>();
        var fault = new Fault
        {
            Kind = row.Kind,
            Text = text,
            Status = (int)Number("status", 500, 400, 599),
            Type = Type(),
            Message = members.GetValueOrDefault("message"),
            RetryAfter = members.GetValueOrDefault("retry-after"),
            ShouldRetry = members.GetValueOrDefault("should-retry"),
            AfterBytes = members.ContainsKey("after-bytes") ? Number("after-bytes", 0, 0, int.MaxValue) : null,
            AfterEvents = members.ContainsKey("after-events") ? (int)Number("after-events", 0, 0, int.MaxValue) : null,
            For = Span(),
            BytesPerSecond = (int)Number("bytes-per-second", 1, 1, 1_000_000_000),
            Place = Place(),
            Times = (int)Number("times", 1, 1, 1_000_000),
            Path = members.GetValueOrDefault("path") ?? "/v1/messages",
        };
        if (fault is { AfterBytes: not null, AfterEvents: not null })
        {
            problems.Add("after-bytes and after-events cannot stand together");
        }

        if (row.Kind == FaultKind.Slow && !members.ContainsKey("bytes-per-second"))
        {
            problems.Add("slow needs a speed, for example slow=20 (bytes per second)");
        }

        return problems.Count == 0 ? (fault, null) : (null, string.Join("; ", problems) + ".");

        long Number(string name, long otherwise, long least, long most)
        {
            if (!members.TryGetValue(name, out var value))
            {
                return otherwise;
            }

            if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            {
                return number;
            }

            problems.Add($"{name} must be a whole number from {least} to {most}");
            return otherwise;
        }

        ErrorType? Type()
        {
            if (members.GetValueOrDefault("type") is not { Length: > 0 } name)
            {
                return row.Kind == FaultKind.ErrorEvent ? ErrorType.Overloaded : null;
            }

            var types = Enum.GetValues<ErrorType>();
            if (types.Any(type => type.WireName() == name))
            {
                return types.First(type => type.WireName() == name);
            }

            problems.Add($"type must be one of {string.Join(", ", types.Select(type => type.WireName()))}");
            return null;
        }

        TimeSpan? Span()
        {
            if (members.GetValueOrDefault("for") is not { Length: > 0 } value)
            {
                return null;
            }

            var (digits, unit) = value.EndsWith("ms", StringComparison.Ordinal) ? (value[..^2], 0.001) : (value.TrimEnd('s'), 1d);
            if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number * unit is >= 0 and <= 86_400)
            {
                return TimeSpan.FromSeconds(number * unit);
            }

            problems.Add("the time must be seconds up to a day: 5, 5s, 0.5s or 500ms");
            return null;
        }

        GarbagePlace Place()
        {
            switch (members.GetValueOrDefault("place"))
            {
                case null or "" or "head":
                    return GarbagePlace.Head;
                case "chunk":
                    return GarbagePlace.Chunk;
                case "body":
                    return GarbagePlace.Body;
                default:
                    problems.Add("garbage stands in one of head, chunk, body");
                    return GarbagePlace.Head;
            }
        }
    }
}
