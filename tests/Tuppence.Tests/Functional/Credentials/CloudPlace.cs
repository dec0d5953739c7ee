using Tuppence.Tests.Scenes;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.Credentials.Aws;
using Tuppence.Upstreams.Credentials.Cloud;
using Tuppence.Upstreams.Http1;

namespace Tuppence.Tests.Functional.Credentials;

/// <summary>A machine for a cloud's chain: a home directory, variables, and one server that plays metadata and token endpoints.</summary>
internal sealed class CloudPlace : IAsyncDisposable
{
    public const string Role = "arn:aws:iam::123456789012:role/reader";

    private readonly Dictionary<string, string> variables = new(StringComparer.Ordinal) { ["AWS_EC2_METADATA_DISABLED"] = "true" };

    public CloudPlace(Func<UpstreamCall, Task>? answer = null)
    {
        Server = ScriptedUpstream.Start(answer ?? (static call => call.AnswerAsync(404, "{}")));
        Directory.CreateDirectory(Path.Combine(Home, ".aws"));
    }

    public ScriptedUpstream Server { get; }

    public string Home { get; } = Directory.CreateTempSubdirectory("tuppence-cloud-").FullName;

    public CloudEnvironment Environment => new(variables, Home);

    public CloudPlace With(string variable, string value)
    {
        variables[variable] = value;
        return this;
    }

    /// <summary>Writes a file below the home directory and gives its path.</summary>
    public string File(string name, string content)
    {
        var path = Path.Combine(Home, name);
        System.IO.File.WriteAllText(path, content.ReplaceLineEndings("\n"));
        return path;
    }

    /// <summary>A program on the PATH that prints what a file holds, or ends with an error where there is none; it notes its arguments.</summary>
    public CloudPlace Program(string name, string? output)
    {
        var bin = Directory.CreateDirectory(Path.Combine(Home, "bin")).FullName;
        var program = Path.Combine(bin, name);
        System.IO.File.WriteAllText(program, $"#!/bin/sh\necho \"$@\" >> '{Home}/{name}.args'\n{(output is null ? "echo 'secret words' >&2; exit 3" : $"cat <<'EOF'\n{output}\nEOF")}\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return With("PATH", bin + Path.PathSeparator + "/usr/bin" + Path.PathSeparator + "/bin");
    }

    public string Arguments(string program) => System.IO.File.ReadAllText(Path.Combine(Home, program + ".args")).Trim();

    public AwsChain Aws(string? profile = null, TimeProvider? time = null) => new(Environment, "us-east-1", "bedrock", profile, null, time ?? TimeProvider.System);

    /// <summary>The header lines that a chain's signer adds, by name.</summary>
    public static async Task<Dictionary<string, string>> SignAsync(ICredential chain)
    {
        var result = await chain.GetAsync(TestContext.Current.CancellationToken);
        Assert.True(result.Signer is not null, result.Problem);
        var signer = Assert.IsType<SigV4>(result.Signer);
        return Lines(signer.LinesFor(new SignedRequest("POST", "/", "host.example", default, isBodyAtHand: true)));
    }

    public static Dictionary<string, string> Lines(IReadOnlyList<HeaderLine> lines) => lines.ToDictionary(static line => line.Name, static line => line.Value, StringComparer.Ordinal);

    public static async Task<string> ProblemOf(ICredential chain)
    {
        var result = await chain.GetAsync(TestContext.Current.CancellationToken);
        Assert.Null(result.Secret);
        Assert.Null(result.Signer);
        return result.Problem!;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(Home, recursive: true);
    }
}
