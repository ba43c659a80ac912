/** How blocks of code look on every page. A file of its own, because the pages' own components read it too. */
import { defineEcConfig } from '@astrojs/starlight/expressive-code';

export default defineEcConfig({
  themes: ['github-dark', 'github-light'],
  // Long lines wrap, so that nothing is cut off on a small screen; what is drawn in columns keeps them.
  defaultProps: { wrap: true, overridesByLang: { plaintext: { wrap: false } } },
  shiki: {
    // Without a limit of time for a line, which the first line of a busy machine's build does not keep: its colours would be wrong.
    transformers: [{ preprocess: (_, options) => void Object.assign(options, { tokenizeTimeLimit: 0 }) }],
  },
});
