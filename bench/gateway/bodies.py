"""Request bodies of the bench: 1 KB, a 200 KB SillyTavern chat, 2 MB of images; each streaming and not. Deterministic.

Shape and member order are those that SillyTavern 1.19.0 sends (system, messages, model, max_tokens, stop_sequences,
temperature, top_p, top_k, stream), written as JSON.stringify writes: no white space, letters as they are.
"""
import base64
import json
import random

MODEL = "claude-sonnet-4-5"
CACHE = {"type": "ephemeral", "ttl": "1h"}
WORDS = ("the of and a to in is you that it he was for on are as with his they I at be this have from or one had by word "
         "but not what all were we when your can said there").split()


class Writer:
    """Seeded prose with what chats are full of: quotes, line breaks, emphasis, letters beyond ASCII."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def prose(self, length):
        words, total = [], 0
        while total < length:
            word, dice = self.random.choice(WORDS), self.random.random()
            if dice < 0.02:
                word = f'"{word}"'
            elif dice < 0.03:
                word = "naïve 日本語 —"
            elif dice < 0.05:
                word = f"*{word}*"
            elif dice < 0.08:
                word += "\n"
            words.append(word)
            total += len(word) + 1
        return " ".join(words)

    def image(self, length):
        data = base64.b64encode(self.random.randbytes(length)).decode()
        return {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": data}}


def text(content, **more):
    return {"type": "text", "text": content, **more}


def request(system, messages, stream):
    return {"system": system, "messages": messages, "model": MODEL, "max_tokens": 1024, "stop_sequences": [],
            "temperature": 0.9, "top_p": 0.95, "top_k": 0, "stream": stream}


def small(stream):
    writer = Writer(1)
    return request([text("You are a helpful assistant.")], [{"role": "user", "content": [text(writer.prose(640))]}], stream)


def chat(stream):
    """Card, persona and examples in system; 100-odd turns; breakpoints on the last system block and two user turns."""
    writer = Writer(2)
    system = [text(writer.prose(956)), text(writer.prose(6500)), text("[Start a new Chat]", cache_control=CACHE)]
    messages, total = [], 0
    while total < 187_000 or len(messages) % 2 == 0:
        user = len(messages) % 2 == 0
        content = writer.prose(writer.random.randint(100, 500) if user else writer.random.randint(600, 6000))
        total += len(content.encode())
        messages.append({"role": "user" if user else "assistant", "content": [text(content)]})
    for index in (-1, -3):
        messages[index]["content"][-1]["cache_control"] = CACHE
    return request(system, messages, stream)


def images(stream):
    writer = Writer(3)
    content = [writer.image(500_000) for _ in range(3)] + [text(writer.prose(2000), cache_control=CACHE)]
    return request([text(writer.prose(2000))], [{"role": "user", "content": content}], stream)


BODIES = {"1 KB": small, "200 KB": chat, "2 MB": images}


def write_all(folder):
    """Writes every body into the folder; {(size, streaming): path}."""
    paths = {}
    for size, make in BODIES.items():
        for stream in (False, True):
            path = folder / f"{size.replace(' ', '')}{'-stream' if stream else ''}.json"
            path.write_bytes(json.dumps(make(stream), ensure_ascii=False, separators=(",", ":")).encode())
            paths[size, stream] = path
    return paths
