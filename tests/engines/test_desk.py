"""The desk works in every engine: the editor comes up, an update goes out, a draft outlives a reload."""

from tests.admin.desk_forms import add_address
from tests.browser.desk_page import session_cookie
from tests.factories import make_member, picture_file
from tests.proxy import line_to
from tests.servers import wait_until
from updates.models import Entry

READY = "document.querySelector('entry-safety[data-ready]')"
EDITOR = ".ProseMirror[contenteditable=true]"
HEADLINE = "[name=headline]"
PHOTO = ".block-photo:not(.empty-form)"
CONFIRMED = """(() => {
  const box = document.querySelector("[data-outbox] [data-state=sent]")?.getBoundingClientRect();
  return box && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
})()"""
KEPT = """new Promise((done) => {
  const request = indexedDB.open("desk-drafts");
  request.onsuccess = () => {
    request.result.transaction("records").objectStore("records").getAll().onsuccess = ({target: {result: drafts}}) => {
      request.result.close();
      done(JSON.stringify(drafts));
    };
  };
})"""
PASTE = """(() => {
  const data = new DataTransfer();
  data.setData("text/html", "<p>Water <del>rises</del><ins>falls</ins> to 10<sup>6</sup> litres</p>");
  const event = new Event("paste", {bubbles: true, cancelable: true});
  Object.defineProperty(event, "clipboardData", {value: data});
  document.querySelector(".ProseMirror[contenteditable=true]").dispatchEvent(event);
})()"""


def open_form(page, log_in, site, event):
    log_in(make_member(event))
    page.open(site.url + add_address(event))
    page.wait_for(READY)
    page.wait_for(f"document.querySelector('{EDITOR}')", "the text has an editor")


def test_update_is_typed_and_published_with_control_and_enter(page, log_in, site, event):
    open_form(page, log_in, site, event)
    page.type(HEADLINE, "Gate holds")
    page.type(EDITOR, "The water falls.")
    page.press("Control", "Enter")
    published = Entry.objects.filter(event=event, status="published")
    entry = wait_until(published.first, "the update is out")
    page.wait_for(f"document.querySelector('{HEADLINE}').value === ''", "the form is empty again")
    page.wait_for(CONFIRMED, "the confirmation is in view")
    assert entry.content["headline"] == "Gate holds"
    assert entry.content["blocks"][0]["html"] == "<p>The water falls.</p>"


def test_login_leads_to_the_desk_of_the_only_live_blog(page, site, event):
    user = make_member(event)
    user.set_password("tide and gate 1953")
    user.save()
    page.open(f"{site.url}/admin/")
    page.type("[name=username]", user.username)
    page.type("[name=password]", "tide and gate 1953")
    page.click("#login-form [type=submit]")
    page.wait_for(READY)
    page.wait_for("document.querySelector('.pulse .readers')", "the curve of the readers is drawn")


def test_draft_is_there_after_a_reload(page, log_in, site, event):
    open_form(page, log_in, site, event)
    page.type(HEADLINE, "Gate hol")
    page.type(EDITOR, "The wat")
    wait_until(lambda: "The wat<" in page.evaluate(KEPT), "the draft is kept")
    page.open(site.url + add_address(event))
    page.wait_for(READY)
    page.wait_for(f"document.querySelector('{HEADLINE}').value === 'Gate hol'")
    page.wait_for(f"document.querySelector('{EDITOR}').textContent === 'The wat'")


def test_pasted_words_keep_their_meaning(page, log_in, site, event):
    open_form(page, log_in, site, event)
    page.evaluate(PASTE)
    page.wait_for_texts(EDITOR, "Water falls to 10⁶ litres")
    page.wait_for("document.querySelector('[data-left-out]').textContent.endsWith('rises')", "the desk says what went")


def test_photos_are_chosen_together_and_published(page, log_in, site, event, tmp_path):
    open_form(page, log_in, site, event)
    files = [tmp_path / f"quay-{number}.jpg" for number in range(2)]
    for number, file in enumerate(files):
        file.write_bytes(picture_file(colour=(60, 90, 100 * number)).read())
    page.click("button[data-add=photo]")
    page.wait_for(f"document.querySelector('{PHOTO}')")
    page.choose_files(f"{PHOTO} input[type=file]", *files)
    for number in range(2):
        page.wait_for(f"document.querySelector('[name=photo-{number}-image]')?.value", "the photo is uploaded")
        page.type(f"[name=photo-{number}-alt]", "A quay")
    page.type("[name=photo-0-credit]", "Noor")
    page.click("#photo-0 [data-same]")
    page.type(HEADLINE, "Quay")
    page.press("Control", "Enter")
    entry = wait_until(Entry.objects.filter(event=event, status="published").first, "the photos are out")
    assert [(block["kind"], block["credit"]) for block in entry.content["blocks"]] == [("photo", "Noor")] * 2


def test_update_written_offline_goes_out_with_the_line(engine, site, event):
    page = engine.new_page()
    with line_to(site.url) as line:
        page.open(f"{line.url}/healthz")
        cookie = session_cookie(make_member(event), line.url)
        page.add_cookie(cookie["name"], cookie["value"])
        page.open(line.url + add_address(event))
        page.wait_for(READY)
        page.wait_for(f"document.querySelector('{EDITOR}')", "the text has an editor")
        line.cut()
        page.type(HEADLINE, "Gate holds")
        page.press("Control", "Enter")
        page.wait_for("document.querySelector('[data-outbox] [data-state=queued]')", "it waits on the device")
        assert not Entry.objects.filter(status="published").exists()
        line.mend()
        wait_until(Entry.objects.filter(headline="Gate holds", status="published").exists, "the update is out")
        page.close()
