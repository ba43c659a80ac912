/** What is used of Nest, which is not installed where this package is built. Nest 10 to 12 have it like this. */
declare module '@nestjs/common' {
  export function createParamDecorator(
    factory: (
      data: unknown,
      context: { switchToHttp(): { getRequest(): import('../../store/request.ts').SessionRequest } },
    ) => unknown,
  ): () => ParameterDecorator;
}
