/** Astro's own sessions: in files, as they are if nobody says otherwise, or in a backend of ours. */
import { sqlite } from 'sealring/sqlite';
import { toUnstorage } from 'sealring/unstorage';
import files from 'unstorage/drivers/fs-lite';

const { STORE, DATABASE = '' } = process.env;

export default () => (STORE === 'server' ? toUnstorage(sqlite(DATABASE)) : files({ base: `${DATABASE}.files` }));
