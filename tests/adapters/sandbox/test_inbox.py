"""The inbox in a real browser: Debian's Chromium, driven by its own driver.

With LINKSMS_PICTURES set, the pictures of README are taken too.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from linksms_cli.adapters.sandbox import Sandbox
from linksms_cli.sms import codes
from linksms_cli.sms.sandbox.settings import Access, ReportTarget, SandboxSettings
from tests.adapters.sandbox.conftest import Client, client_of
from tests.adapters.sandbox.test_courier import Receiver, receiving
from tests.conftest import needs
from tests.ports import free_port

if TYPE_CHECKING:
    from selenium.webdriver.chrome.webdriver import WebDriver
    from selenium.webdriver.remote.webelement import WebElement

pytestmark = [needs("chromium"), needs("chromedriver"), pytest.mark.timeout(240)]

PICTURES = Path(__file__).parent.parent.parent.parent / ".github" / "pictures"
FLAGS = (
    "--headless",
    "--no-sandbox",  # the tests may run as root, in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-proxy-server",
)


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator["WebDriver"]:
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('chromium')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(
        executable_path=shutil.which("chromedriver"), env=os.environ | {"TZ": "UTC"}
    )
    browser = webdriver.Chrome(options=options, service=service)
    try:
        yield browser
    finally:
        browser.quit()


class Page:
    """The inbox of one sandbox, as somebody sees it."""

    def __init__(self, driver: "WebDriver", url: str) -> None:
        self.driver = driver
        driver.set_window_size(1100, 800)
        driver.get("about:blank")  # the page of the test before complains of its sandbox's end
        driver.get_log("browser")  # type: ignore[no-untyped-call]
        driver.get(url)

    def all(self, selector: str) -> "list[WebElement]":
        return self.driver.find_elements("css selector", selector)

    def one(self, selector: str) -> "WebElement":
        return self.driver.find_element("css selector", selector)

    def text(self, selector: str) -> str:
        return self.one(selector).text

    def shown(self, selector: str) -> list[str]:
        """The texts of what can be seen."""
        return [found.text for found in self.all(selector) if found.is_displayed()]

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds; what is on the page may be just being replaced."""
        from selenium.common.exceptions import StaleElementReferenceException

        deadline = time.monotonic() + 20
        while True:
            try:
                if holds():
                    return
            except StaleElementReferenceException:
                pass
            assert time.monotonic() < deadline, self.one("body").text
            time.sleep(0.02)

    def press(self, keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        ActionChains(self.driver).send_keys(keys).perform()

    @property
    def texts(self) -> list[str]:
        """The texts of the messages that can be seen, from above."""
        return self.shown("#messages summary .text")

    @property
    def complaints(self) -> list[str]:
        """What the browser has complained about since."""
        log = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [entry["message"] for entry in log]


def inbox_of(driver: "WebDriver", sandbox: Sandbox) -> Page:
    page = Page(driver, sandbox.url.removesuffix("smscsimplehttp"))
    page.until(lambda: page.text("#state") == "live")
    return page


@pytest.fixture
def page(driver: "WebDriver", sandbox: Sandbox) -> Page:
    return inbox_of(driver, sandbox)


def test_messages_appear_as_they_come_newest_first(page: Page, client: Client) -> None:
    assert page.shown("#empty h2") == ["No messages yet"]
    page.run("window.sameAsBefore = true")
    for text in ("one", "two", "three"):
        client.send(Userdata=text)
    page.until(lambda: page.texts == ["three", "two", "one"])
    assert page.text("#count") == "3 messages"
    assert page.shown("#empty") == []
    assert page.run("return window.sameAsBefore") is True
    assert page.complaints == []


def test_a_message_tells_its_story(page: Page, client: Client) -> None:
    client.request(
        "POST", f"/smscsimplehttp?{client.query(Userdata='å' * 69 + '“€', Foo='x')}", b"x" * 7
    )
    page.until(lambda: page.texts)
    summary = page.one("#messages summary")
    assert page.text("summary .people") == "LINK → +99955501234"
    assert page.text("summary .parts") == "2 parts"
    assert page.text("summary .result") == "1005 Queued"
    summary.click()
    parts = page.all(".handset li")
    assert [part.text for part in parts] == ["å" * 63, "å" * 6 + "“€"]
    assert [part.get_attribute("data-part") for part in parts] == ["1 of 2", "2 of 2"]
    assert page.text(".alphabet") == "2 parts, UCS-2, since GSM-7 lacks:"
    assert page.shown(".culprits li") == ["“ U+201C LEFT DOUBLE QUOTATION MARK"]
    assert page.text(".answer").startswith("1005;Queued;")
    assert page.shown(".remarks li") == [
        "the guide knows no parameter Foo",
        "the body is not read: the guide has the parameters in the query",
    ]
    assert page.text(".request").startswith(
        "POST /smscsimplehttp?ServiceId=1234&Username=user&Password=***&Source=LINK&"
    )
    assert "host: 127.0.0.1" in page.text(".request")
    assert "(7 bytes of body, not kept)" in page.text(".request")
    assert "s3cret" not in page.driver.page_source


HOSTILE = (
    "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    "</bdi></li><style>*{display:none}</style>&lt;b&gt;{{7*7}}${7*7}javascript:1"
)


def test_a_hostile_message_is_text_and_nothing_else(page: Page, client: Client) -> None:
    evil = "\N{RIGHT-TO-LEFT OVERRIDE}\x00\x1b[31m"
    client.ask("POST", "/faults", {"times": 1, "answer": {"code": 2108, "description": HOSTILE}})
    client.request(
        "POST",
        f"/?{client.query(Userdata=HOSTILE + evil, ReferenceId=HOSTILE, Foo=HOSTILE)}",
        **{"User-Agent": HOSTILE},  # type: ignore[arg-type] # no body's name
    )
    client.send(Source=HOSTILE[:11], Username=HOSTILE)
    client.send(HOSTILE)
    page.until(lambda: len(page.texts) == 3)
    for summary in page.all("#messages summary"):
        summary.click()
    assert page.texts[2].startswith(HOSTILE)
    assert page.text("#messages > li:last-child .answer") == f"2108;{HOSTILE};"
    assert f"user-agent: {HOSTILE}" in page.text("#messages > li:last-child .request")
    assert page.text("#messages > li:first-child .to") == HOSTILE
    assert page.driver.title == "linksms sandbox"
    assert page.all("main img, main script, main style") == []
    assert page.complaints == []


@pytest.mark.parametrize(
    "attempt",
    [
        "document.body.innerHTML = '<img src=x onerror=alert(1)>'",
        "document.body.setAttribute('onclick', 'alert(1)')",
        "document.body.append(Object.assign(document.createElement('script'), {text: 'alert(1)'}))",
        "setTimeout('alert(1)')",
    ],
)
def test_markup_and_script_that_got_in_would_not_run(page: Page, attempt: str) -> None:
    assert page.run(f"try {{ {attempt}; return 'done' }} catch {{ return 'refused' }}") == "refused"
    assert page.shown("#empty h2") == ["No messages yet"]


def test_the_page_can_reach_nothing_but_its_sandbox(page: Page) -> None:
    page.run("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:1/x'}))")
    page.run(
        "document.body.insertAdjacentElement('beforeend', "
        "Object.assign(document.createElement('iframe'), {src: 'http://127.0.0.1:1/'}))"
    )
    said = page.run("return fetch('http://127.0.0.1:1/').then(() => 'reached', () => 'refused')")
    assert said == "refused"
    complaints: list[str] = []

    def all_three() -> bool:
        complaints.extend(page.complaints)
        words = "\n".join(complaints)
        return all(f"'{rule}" in words or f'"{rule}' in words for rule in _RULES)

    page.until(all_three)


_RULES = ("img-src", "default-src", "connect-src")


def test_nothing_comes_from_elsewhere(page: Page, client: Client) -> None:
    own = f"http://127.0.0.1:{client.port}/"
    loaded = page.run("return performance.getEntriesByType('resource').map((each) => each.name)")
    assert {each.split("?")[0] for each in loaded} >= {f"{own}inbox/page.css", f"{own}changes"}
    assert [each for each in loaded if not each.startswith(own)] == []


def test_a_filter_finds_and_can_be_left(page: Page, client: Client) -> None:
    client.send("+99955501234", Userdata="Grüße")
    client.send("+99955505678", Userdata="two")
    client.send("+99910002104", Userdata="three")
    page.until(lambda: len(page.texts) == 3)
    for wanted, found in (
        ("5678", ["two"]),
        ("GRÜSS", []),
        ("GRÜ", ["Grüße"]),
        ("2104", ["three"]),
    ):
        page.press("/")
        page.one("#filter").clear()
        page.one("#filter").send_keys(wanted)
        assert page.texts == found, wanted
    assert page.text("#count") == "1 of 3"
    client.send(Userdata="one that is not looked for")
    page.until(lambda: page.text("#count") == "1 of 4")
    page.one("#filter").send_keys("x")
    assert page.shown("#unmatched") == ["No message matches the filter."]
    page.press("\ue00c")  # Escape
    assert len(page.texts) == 4


def test_all_can_be_deleted(page: Page, client: Client) -> None:
    client.send()
    page.until(lambda: page.texts)
    page.one("#clear").click()
    page.until(lambda: page.shown("#empty h2"))
    assert page.texts == []
    assert client.ask("GET", "/messages").json == []
    client.send(Userdata="after")
    page.until(lambda: page.texts == ["after"])


def test_a_report_is_sent_by_a_click(driver: "WebDriver") -> None:
    with (
        receiving(Receiver()) as receiver,
        Sandbox(SandboxSettings(dlr=ReportTarget(url=receiver.url))) as sandbox,
    ):
        client = client_of(sandbox)
        page = inbox_of(driver, sandbox)
        own = client.send("+99930000008", Userdata="x" * 161).fields[2]
        page.until(lambda: page.texts)
        page.one("summary").click()
        page.one(".report .code").clear()
        page.one(".report .code").send_keys("2104")
        page.one(".report .part").send_keys("2")
        page.one(".report button").click()
        assert receiver.codes(1) == [(f"{own}$1", 2104)]
        page.until(lambda: page.shown(".reports li"))
        page.until(lambda: "delivered" in page.text(".reports li"))
        assert page.text(".reports li") == (
            f"2104 Unknown subscriber {own}$1: delivered (HTTP 200)"
        )
        assert page.text("summary .fate") == "2104 reported"
        assert page.text(".outcome") == "sent"
        # What is open stays open, and what has the focus keeps it.
        assert page.one("details").get_attribute("open") is not None


def test_a_report_that_cannot_be_sent_says_why(page: Page, client: Client) -> None:
    client.send()
    page.until(lambda: page.texts)
    page.one("summary").click()
    page.one(".report button").click()
    page.until(lambda: page.text(".outcome"))
    assert page.text(".outcome") == (
        "reports have nowhere to go. Start the sandbox with --dlr-url."
    )


def test_everything_can_be_done_by_keys(page: Page, client: Client) -> None:
    for text in ("one", "two", "three"):
        client.send(Userdata=text)
    page.until(lambda: len(page.texts) == 3)

    def focused() -> str:
        words: str = page.run("return document.activeElement.querySelector('.text')?.textContent")
        return words

    page.press("jj")
    assert focused() == "two"
    page.press("j")
    page.press("j")
    assert focused() == "one"
    page.press("k")
    page.press("\ue007")  # Enter
    assert page.all("details[open] .text")[0].text == "two"
    client.send(Userdata="four")
    page.until(lambda: len(page.texts) == 4)
    assert focused() == "two"
    page.press("\ue004")  # Tab: into the story
    assert page.run("return document.activeElement.matches('.report .code')")
    page.press("\ue00c")  # Escape
    assert page.all("details[open]") == []
    assert focused() == "two"


@pytest.mark.parametrize("width", [320, 390, 760, 1100])
def test_it_fits_from_a_telephones_width_on(page: Page, client: Client, width: int) -> None:
    page.run("document.title = document.title")
    page.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 740, "deviceScaleFactor": 1, "mobile": width < 760},
    )
    try:
        client.send("+99955501234567", Source="+999555012345678", Userdata="x" * 1377)
        client.send("+99920000004", Userdata="W" * 40 + "\n" + "“" * 300)
        client.ask("POST", "/faults", {"answer": {"code": 2108, "description": "y" * 900}})
        client.send()
        page.until(lambda: len(page.texts) == 3)
        for summary in page.all("summary"):
            summary.click()
        wide = page.run("return [document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1] == width
        for selector in (".people", ".text", ".result", "time", ".parts"):
            assert all(found.is_displayed() for found in page.all(f"summary {selector}"))
        overlapping = page.run(
            """
            return [...document.querySelectorAll("summary")].some((row) => {
              const boxes = [...row.children].filter((each) => !each.hidden)
                .map((each) => each.getBoundingClientRect());
              return boxes.some((one, at) => boxes.slice(at + 1).some((other) =>
                one.left < other.right - 1 && other.left < one.right - 1 &&
                one.top < other.bottom - 1 && other.top < one.bottom - 1));
            });
            """
        )
        assert overlapping is False
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_a_token_is_asked_for_and_kept(driver: "WebDriver") -> None:
    with Sandbox(SandboxSettings(access=Access(token="s3cret"))) as sandbox:
        client = client_of(sandbox)
        client.send(Userdata="behind the door")
        page = Page(driver, f"http://127.0.0.1:{client.port}/")
        page.until(lambda: page.shown("#door"))
        assert page.texts == page.shown("#empty") == []
        page.one("#token").send_keys("wrong\n")
        page.until(lambda: page.text("#refusal"))
        assert page.text("#refusal").startswith("this is not the admin interface's token")
        page.one("#token").send_keys("s3cret\n")
        page.until(lambda: page.texts == ["behind the door"])
        driver.refresh()
        page.until(lambda: page.texts == ["behind the door"])
        driver.execute_script("sessionStorage.clear()")


def test_a_sandbox_that_is_started_anew_is_found_again(driver: "WebDriver") -> None:
    port = int(free_port())
    with Sandbox(SandboxSettings(port=port)) as sandbox:
        client = client_of(sandbox)
        page = inbox_of(driver, sandbox)
        client.send(Userdata="before")
        page.until(lambda: page.texts == ["before"])
    page.until(lambda: page.one("#state").get_attribute("data-state") == "lost")
    with Sandbox(SandboxSettings(port=port)):
        client.send(Userdata="after")
        page.until(lambda: page.texts == ["after"])
        assert page.text("#state") == "live"


def test_the_codes_that_it_offers_have_the_guides_words(page: Page) -> None:
    offered = page.run(
        "return [...document.querySelectorAll('#codes option')]"
        ".map((each) => [each.value, each.textContent])"
    )
    assert offered == [[code, codes.explain(int(code)).description] for code, _ in offered]
    assert len(offered) == 8


def luminance(colour: str) -> float:
    """The relative luminance of a colour as a browser writes it (WCAG 2.2)."""
    red, green, blue = (
        float(part) / 255 for part in colour.split("(")[1].rstrip(")").split(",")[:3]
    )

    def linear(part: float) -> float:
        return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_light_or_dark_and_can_be_read(driver: "WebDriver", scheme: str) -> None:
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )
    with (
        receiving(Receiver()) as receiver,
        Sandbox(SandboxSettings(seed=4, dlr=ReportTarget(url=receiver.url))) as sandbox,
    ):
        client = client_of(sandbox)
        page = inbox_of(driver, sandbox)
        for to, words in (
            ("+99955501234", "Your code is 4711."),
            ("+99900002104", "Your parcel waits for you at the shop until 17:00."),
            ("+99910000003", "The deploy is done."),
            ("+99920000004", "db-1 does not answer, and db-2 took over."),
            (
                "+99955505678",
                "Don’t forget: your table for two is booked for tonight at 19:30 – see you there!",
            ),
        ):
            client.send(to, Userdata=words)
        page.until(lambda: len(page.shown("summary .fate")) == 3)
        page.until(lambda: page.one("li .fate").get_attribute("data-tone") == "good")
        page.until(lambda: "2/2" in page.text("li .fate"))
        page.one("summary").click()
        faint = page.run(
            """
            return [...document.querySelectorAll("header *, main *")]
              .filter((each) => each.offsetParent && each.childElementCount === 0 && each.innerText)
              .map((each) => {
                let behind = each;
                const none = "rgba(0, 0, 0, 0)";
                while (getComputedStyle(behind).backgroundColor === none) {
                  behind = behind.parentElement;
                }
                return [each.innerText, getComputedStyle(each).color,
                  getComputedStyle(behind).backgroundColor];
              });
            """
        )
        assert len(faint) > 30
        for words, ink, ground in faint:
            light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (words, ink, ground)
        ground = page.run("return getComputedStyle(document.body).backgroundColor")
        assert (luminance(ground) > 0.5) == (scheme == "light")
        if os.environ.get("LINKSMS_PICTURES"):
            page.run("document.activeElement.blur(); scrollTo(0, 0)")
            driver.set_window_size(1000, 960)
            driver.save_screenshot(str(PICTURES / f"inbox-{scheme}.png"))
