namespace Tuppence.Tests.Functional;

/// <summary>An emulator without pacing for each test, which must end without an error in its log.</summary>
public abstract class EmulatorScene : IAsyncLifetime
{
    internal const string Hello = """{"model":"claude-haiku-4-5","max_tokens":500,"messages":[{"role":"user","content":"Good morning"}]}""";
    internal const string HelloStreamed = """{"model":"claude-haiku-4-5","max_tokens":500,"stream":true,"messages":[{"role":"user","content":"Good morning"}]}""";

    protected EmulatorHost Emulator { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Emulator = await EmulatorHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Assert.Empty(Emulator.Errors.Lines);
        await Emulator.DisposeAsync();
    }
}
