using System.CommandLine;
using Tuppence.Configuration;
using Tuppence.Configuration.Catalogue;

namespace Tuppence.Commands;

/// <summary>The flags that the catalogue of settings declares, <c>--config</c>, and <c>--set</c> for everything else.</summary>
internal sealed class SettingFlags
{
    private readonly List<(Setting<GatewayConfig> Setting, Option Option)> declared = [];
    private readonly Option<string> config = new("--config", "-c") { Description = "Configuration file (JSON or key=value).", HelpName = "FILE" };
    private readonly Option<string[]> set = new("--set") { Description = "Any option by its key, such as retry.max_retries=0.", HelpName = "KEY=VALUE", Arity = ArgumentArity.OneOrMore };
    private readonly Option<bool> open = new("--open") { Description = "Open the front page in a browser." };
    private readonly Option<bool> noOpen = new("--no-open") { Description = "Do not open a browser, whatever the file says." };

    public SettingFlags()
    {
        foreach (var setting in GatewaySettings.All)
        {
            if (setting.Flag is { } flag)
            {
                Option option = setting.Repeatable ? new Option<string[]>(flag) { Arity = ArgumentArity.OneOrMore } : new Option<string>(flag);
                option.Description = setting.Summary;
                option.HelpName = setting.FlagValue;
                declared.Add((setting, option));
            }
        }

        set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value.IndexOf('=', StringComparison.Ordinal) < 1)
                {
                    result.AddError("--set takes KEY=VALUE, such as --set retry.max_retries=0.");
                }
            }
        });
    }

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var (_, option) in declared)
        {
            command.Add(option);
        }

        command.Add(open);
        command.Add(noOpen);
        command.Add(config);
        command.Add(set);
    }

    /// <summary>Value of <c>--config</c>, or null.</summary>
    public string? ConfigFile(ParseResult parsed) => parsed.GetValue(config);

    /// <summary>What was typed, in the order of the catalogue; <c>--set</c> last.</summary>
    public IReadOnlyList<FlagSetting> Read(ParseResult parsed)
    {
        var found = new List<FlagSetting>();
        foreach (var (setting, option) in declared)
        {
            if (parsed.GetResult(option) is { } result)
            {
                found.Add(new FlagSetting(option.Name, setting.Key, [.. result.Tokens.Select(token => token.Value)]));
            }
        }

        if (parsed.GetValue(open))
        {
            found.Add(new FlagSetting(open.Name, "auto_open_browser", ["true"]));
        }

        if (parsed.GetValue(noOpen))
        {
            found.Add(new FlagSetting(noOpen.Name, "auto_open_browser", ["false"]));
        }

        foreach (var token in parsed.GetResult(set)?.Tokens ?? [])
        {
            var equals = token.Value.IndexOf('=', StringComparison.Ordinal);
            found.Add(new FlagSetting(set.Name, token.Value[..equals], [token.Value[(equals + 1)..]]));
        }

        return found;
    }
}
