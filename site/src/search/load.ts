/** Loads the index's file once, when it is first asked for; what can search it comes out. */
import { trustAddress } from '../components/shell/trusted-address.ts';
import { createFind, type Find } from './find.ts';
import { INDEX_EVENT, INDEX_PATH } from './section.ts';

let loading: Promise<Find> | undefined;
let address: string | undefined; // a policy's name can be used once

export function loadSearch(): Promise<Find> {
  address ??= trustAddress('search-index', INDEX_PATH);
  return (loading ??= new Promise<Find>((resolve, reject) => {
    let find: Find | undefined;
    const receive = (event: Event) => {
      if (event instanceof CustomEvent && typeof event.detail === 'string') find = createFind(event.detail);
    };
    // The script has run by the time it says that it has loaded; what it brought may be no index all the same.
    const settle = () => {
      document.removeEventListener(INDEX_EVENT, receive);
      if (find) return resolve(find);
      loading = undefined; // the next opening tries again
      script.remove();
      reject(new Error('The search index did not load'));
    };
    document.addEventListener(INDEX_EVENT, receive);
    const script = document.createElement('script');
    script.src = address ?? INDEX_PATH;
    script.addEventListener('load', settle);
    script.addEventListener('error', settle);
    document.head.append(script);
  }));
}
