export { createServer, type RollcallServer } from './create-server.js';
export { DEFAULT_LIMITS, type Limits, type ServerOptions, type Surface, type SurfaceContext } from './options.js';
export { DrainSignal } from './drain.js';
export { HttpProblem, type Problem, type ProblemParts } from './http/problem.js';
export { parseJsonBody, takeJsonBodies } from './http/json-body.js';
export { problemOfAny as problemOf } from './http/error-handler.js';
export type { FailureLimit } from './access/api-key.js';
export { workosEvents, type RenderEvents, type WorkosProfile } from './workos/event-bodies.js';
export { limitPerKey } from './access/rate-limits.js';
