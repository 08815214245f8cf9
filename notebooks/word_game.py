"""Guess the word: five letters, six tries."""

from collections import Counter

from nbsession import config, local, run_js, set_env, start_server
from nbsession.output import close_popup, popup, put_buttons, put_html, put_markdown, toast

WORDS = (
    "COMET PIXEL OCEAN GRAPH FJORD ROBOT LASER CLOUD DELTA PRISM MAPLE TULIP NERVE QUARK STORM ORBIT".split()
)
LENGTH, TRIES = 5, 6
ROWS = [list("QWERTYUIOP"), list("ASDFGHJKL"), ["Enter", *"ZXCVBNM", "Del"]]
COLORS = {"hit": "success", "near": "warning", "miss": "dark"}  # of a key, by what is known of its letter
SAYS = {
    "hit": "in its place",
    "near": "elsewhere in the word",
    "miss": "not in the word",
    "": "not checked yet",
}
STYLE = """
.word-board { display: grid; grid-template-columns: repeat(5, 52px); gap: 5px; justify-content: center; padding: 6px 0 10px }
.word-tile { display: grid; place-items: center; height: 52px; border: 2px solid color-mix(in srgb, currentcolor 25%, transparent);
    border-radius: 4px; font: bold 26px system-ui, sans-serif; box-sizing: border-box }
.word-tile.filled { border-color: color-mix(in srgb, currentcolor 60%, transparent) }
.word-tile.hit { background: #2e7d32; border-color: #2e7d32; color: #fff }
.word-tile.near { background: #ffb300; border-color: #ffb300; color: #1a1200 }
.word-tile.miss { background: #5f6368; border-color: #5f6368; color: #fff }
.nbsession-buttons { display: flex; justify-content: center; flex-wrap: nowrap; gap: min(1vw, 6px) }
.nbsession-button { min-height: 40px; padding: 3px min(1.9vw, 12px) }
"""
# Clicks leave the focus on the game, so that Enter does not press the key that was clicked last.
KEYBOARD = """
element.tabIndex = 0;
element.style.outline = "none";
element.dataset.lmSuppressShortcuts = "true";  // in a notebook, these keys are not JupyterLab's
element.addEventListener("mousedown", event => { event.preventDefault(); element.focus({preventScroll: true}); }, {signal});
document.addEventListener("keydown", event => {
    const {key, target} = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target !== element && target !== document.body && !(element.contains(target) && key !== "Enter")) return;
    if (/^[a-z]$/i.test(key) || key === "Enter" || key === "Backspace") press(key);
}, {signal});
"""


def check(guess, word):
    """Say of each letter whether it is a hit, near or a miss. A letter counts as often as the word has it."""
    hits = [letter == wanted for letter, wanted in zip(guess, word)]
    left = Counter(wanted for wanted, hit in zip(word, hits) if not hit)
    marks = []
    for letter, hit in zip(guess, hits):
        near = not hit and left[letter] > 0
        left[letter] -= near
        marks.append("hit" if hit else "near" if near else "miss")
    return marks


@config(title="Guess the word", css_style=STYLE)
def main():
    """Guess the word"""
    set_env(title="Guess the word", output_animation=False)
    put_markdown("Five letters, six tries. Type, or press the keys below.").style("text-align: center")
    local.board = put_html("")
    local.keys = [put_buttons(row, onclick=press, repeat=True) for row in ROWS]
    local.played = local.found = 0
    begin()
    run_js(KEYBOARD, press=press)


def begin():
    close_popup()
    local.word = WORDS[local.played % len(WORDS)]
    local.played += 1
    local.guesses, local.typed = [], ""
    show_board()
    show_keys()


def press(key):
    """Handle a key: a letter, Enter or Del, of the page or of the reader's keyboard."""
    if is_over():
        return begin() if key == "Enter" else None
    if key in ("Del", "Backspace"):
        local.typed = local.typed[:-1]
    elif key != "Enter":
        local.typed = (local.typed + key.upper())[:LENGTH]
    elif len(local.typed) < LENGTH:
        toast("The word has five letters", color="warn")
    else:
        local.guesses, local.typed = [*local.guesses, local.typed], ""
        show_keys()
    show_board()
    if is_over():
        show_result()


def is_over():
    return local.word in local.guesses or len(local.guesses) == TRIES


def show_board():
    tiles = [pair for guess in local.guesses for pair in zip(guess, check(guess, local.word))]
    tiles += [(letter, "") for letter in local.typed.ljust(LENGTH * TRIES - len(tiles))]
    local.board.update(
        '<div class="word-board">'
        + "".join(
            f'<div class="word-tile {mark or letter.strip() and "filled"}" role="img" aria-label="{label(letter, mark)}">{letter}</div>'
            for letter, mark in tiles
        )
        + "</div>"
    )


def label(letter, mark):
    """Say what a tile shows, to those who do not see its colour."""
    return f"{letter}, {SAYS[mark]}" if letter.strip() else "empty"


def show_keys():
    known = {}
    for guess in local.guesses:
        for letter, mark in zip(guess, check(guess, local.word)):
            known[letter] = min(mark, known.get(letter, mark), key=list(COLORS).index)
    for row, output in zip(ROWS, local.keys):
        output.update(
            [{"label": key, "value": key, "color": COLORS.get(known.get(key), "light")} for key in row]
        )


def show_result():
    found = local.word in local.guesses
    local.found += found
    popup(
        "Well done!" if found else "Not this time",
        [
            put_markdown(
                f"The word was **{local.word}**. You have found {local.found} of {local.played} words."
            ),
            put_buttons(["Another word"], onclick=[begin]),
        ],
        size="small",
    )


if __name__ == "__main__":
    start_server(main)
