"""A chat room: all who have the page open talk to each other."""

import time
from contextlib import suppress
from threading import RLock

from nbsession import SessionClosedException, config, defer_call, session, set_env, start_server
from nbsession.input import actions, input, input_group
from nbsession.output import *

COLORS = ["#1565c0", "#bf360c", "#2e7d32", "#6a1b9a", "#00838f", "#c2185b"]
BUBBLE = """box-sizing: border-box; width: fit-content; max-width: 85%; padding: 6px 12px; border-radius: 12px; gap: 0;
    background: color-mix(in srgb, {color} 14%, transparent); margin-left: {left}"""
CHIP = """display: inline-block; padding: 1px 10px; border-radius: 12px; margin: 0 6px 6px 0;
    background: color-mix(in srgb, {color} 14%, transparent)"""
NAME = "; font-weight: 600; color: color-mix(in srgb, {color} 60%, currentcolor)"
QUIET = "opacity: 0.75; font-style: italic; text-align: center"

members = {}  # by name: the function that shows news on the member's page
colors = {}
history = []  # the last messages: author, text, time. News of the room have no author
lock = RLock()


@config(title="Chat room", description="Talk to all who have this page open")
def main():
    """Chat room"""
    set_env(title="Chat room")
    put_markdown("Talk to all who have this page open. Open it in another window to see how.")
    name = input("Your name", required=True, maxlength=20, validate=check_name).strip()
    put_row(
        [
            put_scrollable(put_scope("messages"), height=320, keep_bottom=True),
            None,
            put_scope("people"),
        ],
        size="1fr 16px 170px",
    )
    enter(name)
    while (said := write(name))["do"] == "Send":
        if said["text"].strip():
            tell(name, said["text"])
    leave(name)
    clear("people")
    put_text("You have left.", scope="messages").style(QUIET)


def write(name):
    """Ask for the next message. Enter presses the first button."""
    leave_button = {"label": "Leave", "value": "Leave", "color": "secondary"}
    return input_group(
        inputs=[
            input(name="text", placeholder=f"Write something, {name}", maxlength=500),
            actions(name="do", buttons=["Send", leave_button]),
        ]
    )


def check_name(name):
    if not name.strip():
        return "A name has at least one letter"
    if name.strip() in members:
        return "Somebody here has this name"


def enter(name):
    """Let this session's visitor in, and out when the session ends, whatever the reason."""
    defer_call(lambda: leave(name))

    @session.bind  # the others call it in their threads, and it shows on this visitor's page
    def show(messages):
        for author, text, when in messages:
            show_message(author, text, when, own=author == name)
        with use_scope("people", clear=True):
            put_text(f"{len(members)} here").style("font-weight: 600")
            for member in members:
                you = " (you)" if member == name else ""
                put_text(member + you, inline=True).style((CHIP + NAME).format(color=colors[member]))

    with lock:
        colors.setdefault(name, COLORS[len(colors) % len(COLORS)])
        members[name] = show
        show(history)
        tell(None, f"{name} has joined")


def leave(name):
    with lock:
        if members.pop(name, None):
            tell(None, f"{name} has left")


def tell(author, text):
    """Show a message to all members. The lock makes the order the same for everybody."""
    with lock:
        message = (author, text, time.strftime("%H:%M"))
        history[:] = [*history[-99:], message]
        for show in list(members.values()):
            with suppress(SessionClosedException):  # that visitor is just leaving
                show([message])


def show_message(author, text, when, own):
    with use_scope("messages"):
        if author is None:
            put_text(f"{when}  {text}").style(QUIET)
        else:
            color = colors.get(author, "gray")
            put_column(
                [
                    put_text(f"{author}, {when}").style(NAME.format(color=color)),
                    put_text(text),
                ]
            ).style(BUBBLE.format(color=color, left="auto" if own else "0"))


if __name__ == "__main__":
    start_server(main)
