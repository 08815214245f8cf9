"""The examples of the original's documentation, as written but for the imports: for a cell, a script, an app."""

from __future__ import annotations

from dataclasses import dataclass

IMPORT = (
    "from nbsession.session import *\nfrom nbsession.output import *\nfrom nbsession import start_server\n"
)


@dataclass(frozen=True)
class Example:
    """An example.

    Attributes
    ----------
    code : str
        Its code, behind the imports.
    app : str or None
        The name of the function that is an app; None where the code is to be run as it is.
    stays : bool
        The reader has something to do with what it shows.
    needs_page : bool
        It asks something of the page, or shows something there.
    """

    code: str
    app: str | None = None
    stays: bool = False
    needs_page: bool = True

    @property
    def source(self) -> str:
        """With its imports."""
        return IMPORT + self.code


DOWNLOAD = Example(
    "put_button('Click to download', lambda: download('hello-world.txt', b'hello world!'))\n", stays=True
)

RUN_JS = Example("run_js('console.log(a + b)', a=1, b=2)\neval_js('0')\n")

EVAL_JS = Example("""
current_url = eval_js("window.location.href")

function_res = eval_js('''(function(){
    var a = 1;
    a += b;
    return a;
})()''', b=100)

promise_res = eval_js('''new Promise(resolve => {
    setTimeout(() => {
        resolve('Returned inside callback.');
    }, 2000);
});''')
print(current_url, function_res, promise_res)
""")

LOCAL = Example(
    """
local.name = "Wang"
local.age = 22
assert local.foo is None
local[10] = "10"

for key in local:
    print(key)

assert 'bar' not in local
assert 'name' in local

print(local._dict)
""",
    needs_page=False,
)
LOCAL_PRINTS = ["name", "age", "10", "{'name': 'Wang', 'age': 22, 10: '10'}"]

COUNTER_BY_LOCAL = Example(
    """
def add():
    local.cnt = (local.cnt or 0) + 1

def show():
    put_text(local.cnt or 0)

def main():
    put_buttons(['Add counter', 'Show counter'], [add, show])
""",
    app="main",
)

COUNTER_BY_PARAMETERS = Example(
    """
from functools import partial
def add(cnt):
    cnt[0] += 1

def show(cnt):
    put_text(cnt[0])

def main():
    cnt = [0]  # Trick: to pass by reference
    put_buttons(['Add counter', 'Show counter'], [partial(add, cnt), partial(show, cnt)])
""",
    app="main",
)

COUNTER_BY_CLOSURE = Example(
    """
def main():
    cnt = 0

    def add():
        nonlocal cnt
        cnt += 1

    def show():
        put_text(cnt)

    put_buttons(['Add counter', 'Show counter'], [add, show])
""",
    app="main",
)

DEFER_CALL = Example("""
@defer_call
def cleanup():
    global cleaned_up
    cleaned_up = True
    print('cleaned up')

put_text('not yet')
""")

SET_ENV = Example(
    "set_env(title='Awesome PyWebIO!!', output_animation=False)\nput_text('shown')\n", stays=True
)

RUN_ASYNCIO_COROUTINE = Example(
    """
import asyncio

async def app():
    put_text('hello')
    await run_asyncio_coroutine(asyncio.sleep(1))
    put_text('world')
""",
    app="app",
)

INFO = Example("""
import json
from nbsession.session import info as session_info

put_code(json.dumps({
    k: str(getattr(session_info, k))
    for k in ['user_agent', 'user_language', 'server_host',
              'origin', 'user_ip', 'backend', 'protocol', 'request']
}, indent=4), 'json')
""")

REGISTER_THREAD = Example("""
import threading
results = []
thread = threading.Thread(target=lambda: results.append(eval_js("1 + 1")))
register_thread(thread)
register_thread(thread)
thread.start()
while thread.is_alive():
    eval_js("0")
print(results)
""")

COUNTERS = {
    "by local": COUNTER_BY_LOCAL,
    "by parameters": COUNTER_BY_PARAMETERS,
    "by a closure": COUNTER_BY_CLOSURE,
}
EXAMPLES = {
    "download": DOWNLOAD,
    "run_js": RUN_JS,
    "eval_js": EVAL_JS,
    "local": LOCAL,
    **COUNTERS,
    "defer_call": DEFER_CALL,
    "set_env": SET_ENV,
    "run_asyncio_coroutine": RUN_ASYNCIO_COROUTINE,
    "info": INFO,
    "register_thread": REGISTER_THREAD,
}
