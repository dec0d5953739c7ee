using Tuppence.Configuration.Rules;

namespace Tuppence.Configuration.Catalogue;

/// <summary>The options of the ledger. They stand at the top, so that <c>ledger: off</c> can be written.</summary>
internal static class LedgerSettings
{
    /// <summary>All of them, in the order of the manual.</summary>
    public static IReadOnlyList<Setting<GatewayConfig>> All { get; } =
    [
        new Setting<GatewayConfig, bool>("ledger", OnOff, c => c.Ledger.IsOn, (c, v) => c with { Ledger = c.Ledger with { IsOn = v } })
        {
            Summary = "Whether every request is recorded with its usage and cost, without content, in ledger.db; off: figures begin at the start.",
            Flag = "--ledger", FlagValue = "ON|OFF", NeedsRestart = true,
        },
        new Setting<GatewayConfig, string?>("ledger_directory", new TextFormat("a folder", NameRules.NotEmpty), c => c.Ledger.Directory, (c, v) => c with { Ledger = c.Ledger with { Directory = v } })
        {
            Summary = "Folder of ledger.db; it must be open to its owner only. Left out: state_directory.",
            Example = "\"/var/lib/tuppence\"", NeedsRestart = true,
        },
        new Setting<GatewayConfig, int>("ledger_retention_days", new IntegerFormat(0, 36_500), c => c.Ledger.RetentionDays, (c, v) => c with { Ledger = c.Ledger with { RetentionDays = v } })
        {
            Summary = "Days after which rows of the ledger are removed; 0: they stay as long as there is room.",
        },
        new Setting<GatewayConfig, long>("ledger_max_bytes", new SizeFormat(16L << 20, 1L << 40), c => c.Ledger.MaxBytes, (c, v) => c with { Ledger = c.Ledger with { MaxBytes = v } })
        {
            Summary = "Size of the ledger from which the oldest rows make room for new ones; a million rows take about 350 MB.",
        },
        new Setting<GatewayConfig, bool>("ledger_content", new BooleanFormat(), c => c.Ledger.Content, (c, v) => c with { Ledger = c.Ledger with { Content = v } })
        {
            Summary = "Whether the first words of a conversation may be recorded as its title, and the bodies of the latest requests and answers be kept in memory for their pages. They are private text.",
        },
    ];

    private static ChoiceFormat<bool> OnOff => new(("on", true), ("off", false))
    {
        Synonyms = [("true", true), ("false", false), ("yes", true), ("no", false), ("1", true), ("0", false)],
        AlsoAccepted = " (true is on, false is off)",
    };
}
