// A stand-in for an ad server's tag: a queue, a second script that it loads by itself, an iframe and a pixel.
(() => {
  const { src } = document.currentScript;
  const origin = new URL(src).origin;
  const queue = window.adtag?.cmd ?? [];
  const filled = new Map();
  const run = (job) => job();
  window.adtag = {
    cmd: { push: (job) => (window.adtagReady ? run(job) : queue.push(job)) },
    display(id, size, targeting) {
      const frame = document.createElement("iframe");
      frame.src = `${origin}/creative.html?${new URLSearchParams({ id, size, ...targeting })}`;
      frame.title = "Advertisement";
      frame.width = size === "banner" ? 728 : 300;
      frame.height = size === "banner" ? 90 : 250;
      document.getElementById(id).replaceChildren(frame);
      new Image().src = `${origin}/pixel.gif?${id}`;
      filled.set(id, frame);
    },
    destroy(id) {
      filled.get(id)?.remove();
      filled.delete(id);
    },
  };
  window.startAds = () => {
    window.adtagReady = true;
    queue.splice(0).forEach(run);
  };
  const second = document.createElement("script");
  second.src = `${origin}/second.js`;
  document.head.append(second);
})();
