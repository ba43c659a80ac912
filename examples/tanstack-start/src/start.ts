import { createCsrfMiddleware, createStart } from '@tanstack/react-start';
import { sessions } from 'sealring/tanstack-start';

const csrf = createCsrfMiddleware({ filter: ({ handlerType }) => handlerType === 'serverFn' });

export const startInstance = createStart(() => ({ requestMiddleware: [csrf, sessions()] }));
