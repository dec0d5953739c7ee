using System.Text;
using System.Text.Json;
using CsCheck;
using Tuppence.Messages.Edits;
using Tuppence.Messages.Models;
using Tuppence.Messages.Requests;

namespace Tuppence.Tests.Properties;

public sealed class MessagesEditProperties
{
    private static readonly ModelTable Models = ModelTable.Load("""
        {"models":[{"id":"m-none","sampling":{"rule":"default-only"}},{"id":"m-xor","sampling":{"rule":"temperature-xor-topP"}},{"id":"m-all","sampling":{"rule":"all"}}]}
        """u8);

    [Fact]
    public void The_edited_body_means_what_the_edits_do_to_its_meaning() =>
        Gen.Select(Gen.Int, Gen.Int).Sample(
            (seed, choice) =>
            {
                var body = MessagesBodies.Write(seed);
                var (settings, reference) = Settings(choice, body);
                var expected = (Dictionary<string, object>)MessagesDom.Read(body);
                reference.Apply(expected);

                using var outcome = settings.Compile().Apply(body, new EditContext(reference.Version));
                Assert.Null(outcome.Fault);
                Assert.Equal(MessagesDom.Text(expected), MessagesDom.Text(MessagesDom.Read(Output(outcome))));
            },
            iter: 4000);

    [Fact]
    public void Every_byte_outside_the_splices_stays_and_splices_do_not_overlap() =>
        Gen.Select(Gen.Int, Gen.Int).Sample(
            (seed, choice) =>
            {
                var body = MessagesBodies.Write(seed);
                var (settings, reference) = Settings(choice, body);
                using var outcome = settings.Compile().Apply(body, new EditContext(reference.Version));

                var output = Output(outcome);
                var expected = new List<byte>();
                var from = 0;
                foreach (var splice in outcome.Splices)
                {
                    Assert.InRange(splice.Range.Start, from, splice.Range.End);
                    expected.AddRange(body[from..splice.Range.Start]);
                    expected.AddRange(splice.Insert.Span);
                    from = splice.Range.End;
                }

                expected.AddRange(body[from..]);
                Assert.Equal(expected, output);
                Assert.Equal(!body.AsSpan().SequenceEqual(output), outcome.Changed);

                // A member that no edit knows keeps its bytes.
                Assert.True(MessageBody.TryRead(body, out var before, out _));
                Assert.True(MessageBody.TryRead(output, out var after, out _));
                if (before.TryFind("x_unknown"u8, out var kept) && after.TryFind("x_unknown"u8, out var found))
                {
                    Assert.Equal(kept.Value.Of(body), found.Value.Of(output));
                }
            },
            iter: 2000);

    [Fact]
    public void Edits_applied_to_their_own_result_change_nothing() =>
        Gen.Select(Gen.Int, Gen.Int).Sample(
            (seed, choice) =>
            {
                var body = MessagesBodies.Write(seed);
                var (settings, reference) = Settings(choice, body);

                // A default that the filter drops again leaves the client's choice open: such a pair is not repeated.
                if (reference.Defaults.ContainsKey("temperature") || reference.Defaults.ContainsKey("top_p"))
                {
                    return;
                }

                var edits = settings.Compile();
                var context = new EditContext(reference.Version);
                using var once = edits.Apply(body, context);
                var output = Output(once);
                using var twice = edits.Apply(output, context);
                Assert.Equal(Encoding.UTF8.GetString(output), Encoding.UTF8.GetString(Output(twice)));
            },
            iter: 2000);

    [Fact]
    public void A_body_is_refused_exactly_where_System_Text_Json_refuses_it() =>
        Gen.Select(Gen.Int, Gen.Int[0, int.MaxValue], Gen.Byte, Gen.Int[0, 3]).Sample(
            (seed, place, value, how) =>
            {
                var body = MessagesBodies.Write(seed).ToList();
                var at = place % body.Count;
                switch (how)
                {
                    case 0: body[at] = value; break;
                    case 1: body.RemoveAt(at); break;
                    case 2: body.Insert(at, (byte)"\"{}[],:\\ 0-.eut\n\u0001"[value % 17]); break;
                    default: body.RemoveRange(at, body.Count - at); break;
                }

                byte[] bytes = [.. body];
                Assert.Equal(Accepts(bytes), MessageBody.TryRead(bytes, out _, out var fault));
                Assert.True(fault is null || (fault.Position <= bytes.Length && fault.Line > 0 && fault.Column > 0));
            },
            iter: 20000);

    [Fact]
    public void The_end_of_a_string_is_found_as_by_hand() =>
        Gen.Select(Gen.Int, Gen.Int[0, 300]).Sample(
            (seed, length) =>
            {
                var random = new Random(seed);
                var bytes = new byte[length];
                var special = random.Next(2, 40);
                for (var i = 0; i < length; i++)
                {
                    bytes[i] = (byte)(random.Next(special) == 0 ? "\\\\\\\"nu0a\n"[random.Next(9)] : "xé\u007f "[random.Next(4)]);
                }

                Assert.Equal(EndByHand(bytes), JsonString.End(bytes, 0));
            },
            iter: 20000);

    private static int EndByHand(byte[] json)
    {
        for (var at = 0; at < json.Length; at++)
        {
            if (json[at] == '"')
            {
                return at + 1;
            }

            if (json[at] < 0x20)
            {
                return ~at;
            }

            if (json[at] == '\\' && ++at < json.Length)
            {
                var hex = json[at] == 'u' && at + 4 < json.Length && json.Skip(at + 1).Take(4).All(b => char.IsAsciiHexDigit((char)b));
                if (!hex && "\"\\/bfnrt".IndexOf((char)json[at], StringComparison.Ordinal) < 0)
                {
                    return ~at;
                }
            }
        }

        return ~json.Length;
    }

    private static bool Accepts(byte[] bytes)
    {
        var span = bytes.AsSpan();
        var reader = new Utf8JsonReader(span.StartsWith("\uFEFF"u8) ? span[3..] : span);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Output(EditOutcome outcome)
    {
        var output = new byte[outcome.Length];
        outcome.CopyTo(output);
        return output;
    }

    private static (EditSettings Settings, MessagesReference Reference) Settings(int choice, byte[] body)
    {
        var random = new Random(choice);
        bool Flip() => random.Next(2) == 0;
        var hasMessages = MessageBody.TryRead(body, out var read, out _) && read.TryFind("messages"u8, out _);
        var defaults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in ((string, string)[])[("temperature", "0.7"), ("top_p", "0.9"), ("max_tokens", "77"), ("stop_sequences", "[\"x\"]"), ("thinking", "{\"type\":\"adaptive\"}")])
        {
            if (random.Next(4) == 0)
            {
                defaults[name] = value;
            }
        }

        var reference = new MessagesReference
        {
            PresetSystem = Flip() ? "Preset \"text\" é" : null,
            Suffix = hasMessages && Flip() ? "Go on." : null,
            SuffixEt = Flip() ? "Think, then go on." : null,
            Model = random.Next(4) == 0 ? "m-all" : null,
            Defaults = defaults,
            Overrides = [.. defaults.Keys.Where(_ => Flip())],
            Preamble = Flip() ? "House rules." : null,
            Strip = Flip(),
            Aliased = Flip(),
            Mode = (SamplingFilterMode)random.Next(3),
            Version = Flip() ? "2023-06-01" : random.Next(3) == 0 ? "2026-10-21" : null,
        };
        reference = reference with { SuffixEt = reference.Suffix is null ? null : reference.SuffixEt };
        var members = new List<string>();
        void Add(string name, string? text) => members.AddRange(text is null ? [] : [$"\"{name}\":{JsonSerializer.Serialize(text)}"]);
        Add("system", reference.PresetSystem);
        Add("suffix", reference.Suffix);
        Add("suffixEt", reference.SuffixEt);
        Add("model", reference.Model);
        members.AddRange(defaults.Select(d => $"\"{d.Key}\":{d.Value}"));
        members.Add($"\"override\":{JsonSerializer.Serialize(reference.Overrides)}");
        var preset = PresetReader.Read("p", Encoding.UTF8.GetBytes("{" + string.Join(",", members) + "}"));
        Assert.Empty(preset.Errors);
        var settings = new EditSettings
        {
            Preset = members.Count > 1 ? preset.Preset : null,
            ModelAliases = reference.Aliased ? new Dictionary<string, string>(StringComparer.Ordinal) { ["alias"] = "m-xor" } : [],
            Preamble = reference.Preamble,
            StripCacheTtl = reference.Strip,
            SamplingFilter = reference.Mode,
            Models = Models,
        };
        return (settings, reference);
    }
}
