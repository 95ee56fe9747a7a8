// A message as Teams gets it, drawn by Microsoft's own renderer, which is loaded when it is first asked for.

const VENDOR = "/playground/static/vendor";

let ready;

const script = (path) =>
  new Promise((resolve, reject) => {
    const made = Object.assign(document.createElement("script"), { src: `${VENDOR}/${path}` });
    made.addEventListener("load", resolve);
    made.addEventListener("error", reject);
    document.head.append(made);
  });

function load() {
  ready ??= Promise.all(["adaptivecards/adaptivecards.min.js", "markdown-it/markdown-it.min.js"].map(script));
  ready.catch(() => (ready = undefined)); // the next look tries again
  return ready;
}

const hostConfig = async (theme) => (await fetch(`${VENDOR}/adaptivecards/teams-${theme}.json`)).json();

/** Teams shows the person where the renderer, which knows no mentions, shows the tag. */
function withMentions(html, entities, escape) {
  return entities.reduce((text, { text: tag, mentioned }) => text.replaceAll(escape(tag), `<b>${escape(mentioned.name)}</b>`), html);
}

/** The message as an element; `press(verb, value)` is called when one of its buttons is pressed. */
export async function draw(activity, { theme, press }) {
  const [content] = activity.attachments ?? [];
  if (!content) return Object.assign(document.createElement("p"), { textContent: activity.text });
  await load();
  const { AdaptiveCard, HostConfig } = window.AdaptiveCards;
  const markdown = window.markdownit();
  AdaptiveCard.onProcessMarkdown = (text, result) => {
    const html = markdown.render(text);
    result.outputHtml = withMentions(html, content.content.msteams?.entities ?? [], markdown.utils.escapeHtml);
    result.didProcess = true;
  };
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(await hostConfig(theme));
  card.onExecuteAction = ({ verb, data }) => verb && press(verb, data.kept);
  card.parse(content.content);
  return card.render();
}
