/** Types of the protocol (docs/protocol.md), and types that modules share. Only the type checker reads this file. */
declare namespace Live {
  /** The full current state of one entry. */
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

  /** A removed entry; `html` and `order` are present only if the moderator left a note for readers. */
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

  /** The event itself: title, status, key points. */
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

  /** What the first frame of a socket says of the connection: `sync`, and behind nginx (deploy/nginx-nchan.conf) each frame. */
  interface Terms {
    epoch?: string;
    /** Seconds between two heartbeats. */
    hb?: number;
    /** Seconds over which readers return that were disconnected together. */
    spread?: number;
  }

  interface Sync extends Terms, Audience {
    t: "sync";
    epoch: string;
    head: number;
    items: Item[];
    hb: number;
    status: string;
    more: boolean;
    count: number;
  }

  /** Carries every change after `prev` up to `seq`. */
  interface Ops extends Terms {
    t: "ops";
    prev: number;
    seq: number;
    items: Item[];
    count: number;
    /** The token of the receipt that this page is asked to send once it shows the items. */
    ask?: string;
  }

  interface Heartbeat extends Terms, Audience {
    t: "hb";
    seq: number;
  }

  /** Who else is on the page or at the desk; only if the event shows it. */
  interface Audience {
    /** Approximate number of readers of the event; 0 for too few to tell. */
    readers?: number;
    /** Whether somebody at the desk is writing an update. */
    writing?: boolean;
  }

  interface Reset extends Terms {
    t: "reset";
    epoch: string;
    why: string;
  }

  interface Bye extends Terms {
    t: "bye";
    why: string;
    /** The close code, where the server cannot choose the one of the socket. */
    code?: number;
    retry?: [number, number];
    mode?: "ws" | "poll";
  }

  type Frame = Sync | Ops | Heartbeat | Reset | Bye;

  /** The response of the catch-up address. */
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

  /** Receives what a stream reads from frames and catch-up answers. */
  interface StreamListener {
    /** Apply the items that are newer. The number of published entries was `count` when the head was `at`. */
    deliver(items: Item[], count: number, at: number): void;
    /** There are changes up to `head` that this page may not have. */
    behind(head: number): void;
    audience(audience: Audience): void;
    /** This page is asked to confirm that it shows a frame. */
    confirm(frame: Ops): void;
    /** The epoch has changed: reload the page. */
    renew(epoch: string): void;
  }

  /** The result of a request. `after`: seconds until the server wants the next one. */
  interface Reply<T> {
    answer?: T;
    gone?: boolean;
    after: number;
  }

  /** How a socket was closed. */
  interface Close {
    code: number;
    bye?: Bye;
    /** Seconds since its first frame, 0 if none came. */
    lived: number;
    /** Seconds over which readers reconnect that were disconnected together. */
    spread: number;
  }

  /** What to do after a close. `socket`: seconds until the next one, null for never. */
  interface Next {
    socket: number | null;
    poll?: boolean;
    rest?: boolean;
  }

  type Timing = ReturnType<typeof import("./live/backoff.js").timing>;

  /** Why the page is not connected; "gone" is final. */
  type Halt = "asleep" | "offline" | "renewing" | "gone";

  /** Is told when the page becomes visible or hidden. */
  interface VisibilityListener {
    halt(reason: Halt): void;
    resume(reason: Halt): void;
    /** The page became visible; if it was asleep, it has been resumed. */
    seen(): void;
  }

  /** The state of the connection. `until`: time of the next attempt; `heard`: time of the last message. */
  interface Contact {
    is: "live" | "polling" | "waiting" | "offline" | "resting" | "gone";
    until?: number;
    heard: number;
  }

  /** What decides where an item belongs. */
  interface Place {
    view: string;
    filter?: string;
    /** Entries with an order up to this value are on older pages. */
    floor: number;
    /** When the page was written. */
    since: string;
    onPage: boolean;
    /** Whether the page has shown the entry until it was removed. */
    lost?: boolean;
    paused: boolean;
    /** Whether new entries may be inserted at once. */
    open: boolean;
  }

  /** What decides whether the page may move now. Lengths are in pixels of the viewport. */
  interface ViewState {
    hidden: boolean;
    paused: boolean;
    reading: boolean;
    calm: boolean;
    /** How far the page is scrolled. */
    scrolled: number;
    /** Lower edge of the sticky line. */
    line: number;
    feedTop: number;
    feedEnd: number;
    height: number;
    /** Newer entries stand above older ones. */
    upwards: boolean;
  }

  /** Upper and lower edge of a block in the window, in pixels. */
  interface Span {
    top: number;
    bottom: number;
  }

  /** A paragraph, photo or other piece of the page. `part`: the entry or box around it. */
  interface Block extends Span {
    key: Element;
    part: Element;
    left: number;
    /** Whether it moves as a whole. */
    isLeaf: boolean;
    /** Whether it may hold the page in place. */
    isAnchor: boolean;
  }

  /** The window on the page. */
  interface Window {
    /** Lower edge of the sticky line. */
    line: number;
    height: number;
    scrolled: number;
  }

  // Classes that are passed between modules.
  type Stream = import("./live/sequence.js").Stream;
  type Store = import("./live/sequence.js").Store;
  type ScrollAnchor = import("./page/scroll_anchor.js").ScrollAnchor;
  type Strings = import("./page/strings.js").Strings;
  type Feed = import("./page/feed.js").Feed;
  type Page = import("./page/page.js").Page;

  /** When a reader last looked at an event, and the order of its newest entry then. */
  interface Visit {
    order: number;
    at: number;
  }

  /** Receives the changes of the timeline. */
  interface TimelineListener {
    event(item: EventPut): void;
    /** The number of entries behind the button, and of those that are new since the last call. */
    settled(waiting: number, arrived: number): void;
    revealed(fresh: HTMLElement[]): void;
  }
}

/** Trusted Types, which TypeScript does not know; not every browser has them. */
interface HtmlPolicy {
  createHTML(html: string): string;
  createScriptURL(address: string): string;
}
declare var trustedTypes: { createPolicy(name: string, rules: HtmlPolicy): HtmlPolicy } | undefined;
declare var liveblogHtml: HtmlPolicy | undefined;

/** A style sheet as a string; scripts/build_js.mjs inserts it. */
declare module "*.css" {
  const css: string;
  export default css;
}
