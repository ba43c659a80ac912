import { sessions } from 'sealring/h3';

export default sessions();
