using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Tuppence.TokenDriver;
using Tuppence.Upstreams.Credentials;
using Tuppence.Upstreams.TokenStores;

// A process that uses a token store, for tests that kill it, stop it, or run several. Not part of the product.
//
//   use FOLDER PATIENCE_MS [die]   at each line "ask N" on its input, asks N times at once for the credential and prints
//                                  "got TOKEN" for each different token and "problem TEXT"; with "die" it kills itself
//                                  between an answer of the issuer and its use
//   spin FOLDER                    asks without end; a line "got" or "problem TEXT" for each change
//   save FOLDER                    saves sign-ins of growing size without end; a line for each
//   sign-in FOLDER SIZE            saves one sign-in with a token of that many characters; prints "saved" or "problem TEXT"
//   key-store FOLDER               the same, with the key in the machine's key store where there is one; then reads it back as
//                                  another process would and prints the token's length, where the key is, and the warning
var time = TimeProvider.System;
using var store = new TokenFile(args[1], time, usesKeyStore: args[0] == "key-store")
{
    Patience = args is ["use", _, var patience, ..] ? TimeSpan.FromMilliseconds(int.Parse(patience, CultureInfo.InvariantCulture)) : TimeSpan.FromSeconds(45),
};
var endpoint = new Uri("http://127.0.0.1:9/token");
switch (args[0])
{
    case "use":
        await UseAsync(args is [.., "die"]);
        return 0;
    case "spin":
        await SpinAsync();
        return 0;
    case "save":
        for (var size = 1; ; size++)
        {
            Console.WriteLine(await SignInAsync(100 * (size % 50)));
        }

    case "sign-in":
        Console.WriteLine(await SignInAsync(int.Parse(args[2], CultureInfo.InvariantCulture)));
        return 0;
    case "key-store":
        Console.WriteLine(await SignInAsync(7));
        using (var other = new TokenFile(args[1], time))
        {
            var (entry, problem) = await other.ReadAsync(Grants.Upstream, CancellationToken.None);
            Console.WriteLine($"{entry?.Grant.RefreshToken?.Reveal().Length} {problem} key file: {File.Exists(Path.Combine(args[1], "tokens.key"))} warning: {other.Warning}");
        }

        return 0;
    default:
        return 2;
}

async Task<string> SignInAsync(int size)
{
    var (lease, problem) = await store.AcquireAsync(CancellationToken.None);
    if (lease is null)
    {
        return "problem " + problem;
    }

    using (lease)
    {
        var result = await lease.SignInAsync(Grants.Of(endpoint, "rt-" + new string('x', size), time.GetUtcNow()), CancellationToken.None);
        return result.IsSaved ? "saved" : "problem " + result.Problem;
    }
}

async Task UseAsync(bool dies)
{
    using var refresher = new HttpRefresher(dies ? static () => Process.GetCurrentProcess().Kill() : null);
    await using var credential = new SignedInCredential(Grants.Target, store, refresher, time, static () => 0.5);
    Console.WriteLine("ready");
    while (await Console.In.ReadLineAsync() is { } line)
    {
        if (line == "state")
        {
            var state = await credential.StateAsync(CancellationToken.None);
            Console.WriteLine(JsonSerializer.Serialize(state));
            continue;
        }

        var asked = Enumerable.Range(0, int.Parse(line.AsSpan("ask ".Length), CultureInfo.InvariantCulture)).Select(_ => credential.GetAsync(CancellationToken.None).AsTask()).ToList();
        Console.WriteLine("asked");
        var results = await Task.WhenAll(asked);
        Console.WriteLine(string.Join(" | ", results.Select(static result => result.Secret is { } token ? "got " + token.Reveal() : "problem " + result.Problem).Distinct(StringComparer.Ordinal)));
    }
}

async Task SpinAsync()
{
    using var refresher = new HttpRefresher();
    await using var credential = new SignedInCredential(Grants.Target, store, refresher, time, static () => 0.5);
    var last = "";
    while (true)
    {
        var result = await credential.GetAsync(CancellationToken.None);
        var line = result.Secret is { } token ? "got " + token.Reveal() : "problem " + result.Problem;
        if (line != last)
        {
            Console.WriteLine(last = line);
        }
        else
        {
            await Task.Delay(1);
        }
    }
}
