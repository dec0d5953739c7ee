using Tuppence.ClaudeStandIn;

// A program that stands in for Claude Code where a test cannot rely on the real one: it takes the same command lines, lines of input and calls of the
// API. Not part of the product. The first argument is a folder, the others are what the program is called with.
//
//   plan      (a file in the folder, lines of “key value”)
//     version 2.1.330     what --version prints
//     not-logged-in       it says instead of an answer that nobody is signed in
//     slow-version        --version waits until there is a file “go” in the folder
//     signed-out          auth status ends with 1
//     text WORDS          what is answered; default “Hello from the stand-in.”
//     no-system           its requests lack the system prompt
//     limits              a rate_limit_event follows the answer
//     wait                it answers when there is a file “go” in the folder
//     hang                nothing is answered
//     die                 it ends with exit code 3 where it should answer
//   calls.txt (written) each command line; of a run that answers its environment and each line of input, too
var folder = new StandInFolder(args[0]);
folder.Note("args", string.Join(' ', args[1..]));
switch (args[1..])
{
    case ["--version"]:
        while (folder.Has("slow-version") && !folder.MayGoOn)
        {
            await Task.Delay(5);
        }

        Console.WriteLine($"{folder.Value("version") ?? "2.1.330"} (Claude Code)");
        return 0;
    case ["auth", "status", ..]:
        var isSignedOut = folder.Has("signed-out");
        Console.WriteLine($$"""{"loggedIn":{{(isSignedOut ? "false" : "true")}}}""");
        return isSignedOut ? 1 : 0;
    case ["-p", ..]:
        return await new Session(folder).RunAsync();
    default:
        Console.Error.WriteLine("error: unknown option");
        return 1;
}
