/** The shapes that travel (docs/protocol.md) and those that modules hand each other. For the type checker alone. */
declare namespace Live {
  /** The full present state of one entry. */
  interface EntryPut {
    op: "put";
    id: string;
    seq: number;
    order: number;
    pinned: boolean;
    key: boolean;
    at: string;
    kind: string;
    title: string;
    note: string;
    html: string;
  }

  /** A removed entry; with `html` and `order` only when the moderator left a line for readers. */
  interface EntryDel {
    op: "del";
    id: string;
    seq: number;
    kind: string;
    order?: number;
    at?: string;
    note?: string;
    html?: string;
  }

  type Entry = EntryPut | EntryDel;

  /** The event itself: headline, status, key points. */
  interface EventPut {
    op: "put";
    id: "event";
    seq: number;
    kind: string;
    title: string;
    status: string;
    sensitive: boolean;
    html: string;
  }

  type Item = Entry | EventPut;

  interface Sync extends Audience {
    t: "sync";
    epoch: string;
    head: number;
    items: Item[];
    hb: number;
    spread?: number;
    status: string;
    more: boolean;
    count: number;
  }

  /** Carries every change after `prev` up to `seq`. */
  interface Ops {
    t: "ops";
    prev: number;
    seq: number;
    items: Item[];
    count: number;
    /** To be sent back once the page shows the items: this page was asked. */
    ask?: string;
  }

  interface Heartbeat extends Audience {
    t: "hb";
    seq: number;
    spread?: number;
  }

  /** Who else is there. Only where the event shows it. */
  interface Audience {
    /** Of the event, roughly; 0 for too few to tell. */
    readers?: number;
    /** Whether somebody at the desk is writing an update. */
    writing?: boolean;
  }

  interface Reset {
    t: "reset";
    epoch: string;
    why: string;
  }

  interface Bye {
    t: "bye";
    why: string;
    retry?: [number, number];
    mode?: "ws" | "poll";
  }

  type Frame = Sync | Ops | Heartbeat | Reset | Bye;

  /** What the catch-up address answers. */
  interface Answer {
    epoch: string;
    head: number;
    upto: number;
    items: Item[];
    more: boolean;
    count: number;
    status: string;
    reset?: boolean;
  }

  /** Where a stream sends what it finds in frames and answers. */
  interface StreamListener {
    /** Apply per id what is newer. The number of published entries was `count` when the head was `at`. */
    deliver(items: Item[], count: number, at: number): void;
    /** Changes up to `told` exist that this page may not have. */
    behind(head: number): void;
    audience(audience: Audience): void;
    /** This page was asked whether it shows a frame. */
    confirm(frame: Ops): void;
    /** The old numbers are void: take the page anew. */
    renew(epoch: string): void;
  }

  /** How a question to the server went. `after`: the seconds it asks to be left alone. */
  interface Reply<T> {
    answer?: T;
    gone?: boolean;
    after: number;
  }

  /** How a socket ended. `lived`: seconds since its first frame, 0 if none came. */
  interface Close {
    code: number;
    bye?: Bye;
    /** Seconds since its first frame, 0 for a socket that never had one. */
    lived: number;
    /** Seconds over which readers come back that were cut off all at once. */
    spread: number;
  }

  /** What follows a close: seconds until the next socket, null for never. */
  interface Next {
    socket: number | null;
    poll?: boolean;
    rest?: boolean;
  }

  type Timing = ReturnType<typeof import("./live/backoff.js").timing>;

  /** What keeps the page from asking; from "gone" it does not come back. */
  type Halt = "asleep" | "offline" | "renewing" | "gone";

  /** What follows the page's being seen. */
  interface VisibilityListener {
    halt(reason: Halt): void;
    resume(reason: Halt): void;
    /** The page came into view; if it slept, it has been resumed. */
    seen(): void;
  }

  /** How the page hears of news just now. `until`: the moment of the next attempt; `heard`: of the last answer. */
  interface Contact {
    is: "live" | "polling" | "waiting" | "offline" | "resting" | "gone";
    until?: number;
    heard: number;
  }

  /** What a page knows when it decides where an item belongs. */
  interface Place {
    view: string;
    filter?: string;
    /** Entries ordered up to this stand on older pages. */
    floor: number;
    /** The moment the page was written. */
    since: string;
    shown: boolean;
    paused: boolean;
    /** New entries may go in at once. */
    open: boolean;
  }

  /** What bears on whether the page may move just now. Lengths are those of the viewport. */
  interface ViewState {
    hidden: boolean;
    paused: boolean;
    reading: boolean;
    calm: boolean;
    feedTop: number;
    feedEnd: number;
    height: number;
    /** Newer entries stand above older ones. */
    upwards: boolean;
  }

  // Classes that others are handed.
  type Stream = import("./live/sequence.js").Stream;
  type Store = import("./live/sequence.js").Store;
  type Strings = import("./page/strings.js").Strings;
  type Feed = import("./page/feed.js").Feed;
  type Page = import("./page/page.js").Page;

  /** When a reader last looked at an event, and the order of the newest entry then. */
  interface Visit {
    order: number;
    at: number;
  }

  /** Who is told what the timeline does. */
  interface TimelineListener {
    event(item: EventPut): void;
    /** Entries behind the button, and those that are new since the last time. */
    settled(waiting: number, arrived: number): void;
  }
}
