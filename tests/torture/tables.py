"""Random tables as files: column types, missing cells, quotes, delimiters, encodings, kinds of target, unusual names.
Not here: the calls of the program (tests/torture/random_program.py).
"""

import gzip

NAMES = ["a", "b c", "x,y", 'say "hi"', "größe", "日本", "e=mc²", "p.q", "-v", "@home", "row", "prediction", "truth", "p_0", "NULL",
         "naïve\u0301", "tab\tname", "'single'", "a:b", "#1", "[k]", "{folder}", "%s", "\u202eright", "x" * 120, "Y", "y"]
MISSING = ["", "NA", "?", "nan", "null", "N/A", "  "]
WORDS = ["red", "green", "blue", "new york", "a,b", 'quote"d', "Zoë", "=1+1", "-", "TRUE", "01", "NaN?", "x;y", "line\nbreak"]
DELIMITERS = [",", ",", ",", ";", "\t", "|"]


class Column:
    def __init__(self, draw, name):
        self.name, self.draw = name, draw
        self.kind = draw.choice(["number", "number", "number", "integer", "large", "tiny", "word", "word", "boolean", "date", "id", "constant"])
        self.missing = draw.choice([0, 0, 0, 0.05, 0.5, 1] if draw.random() < 0.4 else [0])
        self.words = draw.sample(WORDS, draw.randint(2, 6))

    def cell(self, k, hidden):
        draw = self.draw
        if draw.random() < self.missing:
            return draw.choice(MISSING[:3])
        return {
            "number": lambda: f"{hidden + draw.gauss(0, 1):.{draw.choice([1, 3, 6])}f}",
            "integer": lambda: str(int(10 * hidden) + draw.randint(0, 5)),
            "large": lambda: repr(draw.choice([1e9, 1e15]) + 1000 * hidden),
            "tiny": lambda: f"{hidden * 1e-12:.4e}",
            "word": lambda: self.words[min(len(self.words) - 1, int(abs(hidden) * 2))],
            "boolean": lambda: draw.choice(["yes", "no"]) if hidden < 0.5 else "yes",
            "date": lambda: f"20{draw.randint(10, 23)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            "id": lambda: f"id-{k:05}",
            "constant": lambda: "7",
        }[self.kind]()


class Target:
    def __init__(self, draw, name):
        self.name, self.draw = name, draw
        self.kind = draw.choice(["classes", "classes", "two", "number", "number", "offset", "integer", "boolean", "skewed"])
        self.words = draw.sample(WORDS[:9], draw.randint(2, 5))
        self.missing = 0.1 if draw.random() < 0.03 else 0

    def cell(self, hidden):
        draw = self.draw
        if draw.random() < self.missing:
            return ""
        noisy = hidden + draw.gauss(0, 0.3)
        return {
            "classes": lambda: self.words[int(abs(noisy) * 2) % len(self.words)],
            "two": lambda: self.words[noisy > 0],
            "number": lambda: f"{3 * noisy + 1:.4f}",
            "offset": lambda: f"{1.7e9 + 20 * noisy:.1f}",
            "integer": lambda: str(int(5 * noisy)),
            "boolean": lambda: str(noisy > 0),
            "skewed": lambda: self.words[0] if draw.random() < 0.97 else self.words[1],
        }[self.kind]()


def quoted(cell, delimiter, always):
    if always or any(c in cell for c in delimiter + '"\n\r'):
        return '"' + cell.replace('"', '""') + '"'
    return cell


class Table:
    """Column names, targets, rows of cells, and the format in which they are written."""

    def __init__(self, draw):
        self.draw = draw
        names = draw.sample(NAMES, draw.randint(2, 8)) if draw.random() < 0.6 else ["c%d" % k for k in range(draw.randint(2, 8))]
        several = 2 if draw.random() < 0.1 and len(names) > 3 else 1
        self.columns = [Column(draw, name) for name in names[several:]]
        self.targets = [Target(draw, name) for name in names[:several]]
        if several == 2:
            self.targets[1].kind = self.targets[0].kind
        count = draw.choice([draw.choice([0, 2, 8]), 20, 30, 40, 60, 60, 90, 120, 120, 250])
        hidden = [draw.gauss(0, 1) for _ in range(count)]
        self.rows = [[c.cell(k, h) for c in self.columns] + [t.cell(h) for t in self.targets] for k, h in enumerate(hidden)]
        self.names = [column.name for column in self.columns + self.targets]
        self.delimiter = draw.choice(DELIMITERS)
        self.encoding = draw.choice(["utf-8", "utf-8", "utf-8", "utf-8-sig"])
        self.line_end = draw.choice(["\n", "\n", "\r\n"])
        self.quotes = draw.random() < 0.15
        self.header = draw.random() < 0.98
        self.packed = draw.random() < 0.1
        self.whole = True  # whether the file is valid: no ragged row, no changed byte

    def text(self):
        rows = ([self.names] if self.header else []) + self.rows
        if self.draw.random() < 0.02 and len(rows) > 2:
            rows[self.draw.randrange(1, len(rows))] = ["ragged"]
            self.whole = False
        return "".join(self.delimiter.join(quoted(cell, self.delimiter, self.quotes) for cell in row) + self.line_end for row in rows)

    def write(self, folder):
        data = self.text().encode(self.encoding)
        if self.draw.random() < 0.02 and data:
            self.whole = False
            data = data[:self.draw.randrange(len(data))] + bytes([self.draw.randrange(256)]) + data[self.draw.randrange(len(data)):]
        name = self.draw.choice(["t.csv", "t.csv", "my data.csv", "t.tsv" if self.delimiter == "\t" else "t.txt", "-t.csv", "t'1.csv"])
        if self.packed:
            name, data = name + ".gz", gzip.compress(data)
        (folder / name).write_bytes(data)
        return name
