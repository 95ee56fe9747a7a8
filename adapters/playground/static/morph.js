// Makes a living element look like a freshly rendered one while touching only what differs: focus, scroll
// position and half-written text survive, and a screen reader hears new messages and nothing else.
// Elements with an id are matched by it; what carries `data-own` belongs to the script and is left alone.

const isOwn = (node) => node.nodeType === Node.ELEMENT_NODE && "own" in node.dataset;

const fits = (old, fresh) => old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && old.id === fresh.id;

function morphAttributes(old, fresh) {
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
}

function morphChildren(old, fresh) {
  const wanted = new Set([...fresh.children].map((child) => child.id).filter(Boolean));
  for (const child of [...old.children]) if (child.id && !wanted.has(child.id)) child.remove();
  const byId = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));

  let here = old.firstChild;
  for (const child of [...fresh.childNodes]) {
    if (here && fits(here, child)) {
      const next = here.nextSibling;
      morph(here, child);
      here = next;
    } else if (byId.has(child.id)) {
      const moved = byId.get(child.id);
      old.insertBefore(moved, here);
      morph(moved, child);
    } else {
      old.insertBefore(document.importNode(child, true), here);
    }
  }
  while (here) {
    const next = here.nextSibling;
    here.remove();
    here = next;
  }
}

export function morph(old, fresh) {
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE || isOwn(old)) return;
  morphAttributes(old, fresh);
  morphChildren(old, fresh);
}
