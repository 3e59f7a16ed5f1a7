/**
 * What can be scrolled has to be reached by the keyboard. If there is nothing to focus in it, it takes the focus itself.
 */
export function scrollable(node: HTMLElement): () => void {
  const check = () => {
    const reached = node.querySelector("button, input, textarea, select, summary, a[href], [tabindex='0']");
    if (node.scrollHeight > node.clientHeight && !reached) node.tabIndex = 0;
    else node.removeAttribute("tabindex");
  };
  const observer = new ResizeObserver(check);
  observer.observe(node);
  const changes = new MutationObserver(check);
  changes.observe(node, { childList: true, subtree: true });
  return () => {
    observer.disconnect();
    changes.disconnect();
  };
}
