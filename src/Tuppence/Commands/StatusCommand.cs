using System.Text;
using Tuppence.Configuration;
using Tuppence.SignIn;
using Tuppence.Spending;
using Tuppence.Upstreams.OAuth;

namespace Tuppence.Commands;

/// <summary><c>tuppence status</c>: who is signed in where, and what is spent of each budget.</summary>
internal sealed class StatusCommand(Terminal terminal, IGrantKeeper keeper, TimeProvider time)
{
    /// <summary>Prints it; exit code 1 where an upstream depends on a sign-in that is not there.</summary>
    public async Task<int> RunAsync(GatewayConfig config, bool json, CancellationToken stop)
    {
        var list = await SignInStatus.ReadAsync(config, keeper, time, stop);
        var report = new BudgetReport(terminal, time);
        var (budgets, problem) = BudgetCompiler.Compile(config.Budgets).AreNone ? (null, null) : await report.ReadAsync(config, stop);
        var program = config.ClaudeCode.Enabled ? await ProgramStatus.ReadAsync(config, time, stop) : null;
        if (json)
        {
            terminal.Output.WriteLine(Encoding.UTF8.GetString(SignInStatus.ToJson(list, budgets, program?.Json)));
        }
        else if (list.Count == 0 && program is null)
        {
            terminal.Output.WriteLine("No upstream has a sign-in; docs/guide/sign-in.md shows how to set one up.");
        }
        else
        {
            var width = list.Select(static status => status.Upstream.Length).Append(program is null ? 0 : ClaudeCodeConfig.Upstream.Length).Max();
            foreach (var status in list)
            {
                terminal.Output.WriteLine($"{status.Upstream.PadRight(width)}  {status.Text}  {terminal.Faint("at " + status.Issuer)}");
            }

            if (program is not null)
            {
                terminal.Output.WriteLine($"{ClaudeCodeConfig.Upstream.PadRight(width)}  {program.Text}  {terminal.Faint("your own program")}");
            }
        }

        if (budgets is not null && !json)
        {
            report.Print(budgets);
        }
        else if (problem is not null)
        {
            terminal.Error.WriteLine($"What is spent of the budgets only a running gateway tells; {problem}.");
        }

        foreach (var remark in (await keeper.ListAsync(stop)).Problems.Append(keeper.Store?.Warning).OfType<string>())
        {
            terminal.Error.WriteLine(remark);
        }

        return program is { IsSignInNeeded: true } || list.Any(status => !status.IsSignedIn && config.Upstreams.TryGetValue(status.Upstream, out var entry) && Registrations.DependsOnSignIn(entry)) ? ExitCode.Failure : ExitCode.Success;
    }
}
