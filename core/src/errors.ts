/** Errors and names, for those who must tell of them before anything else is loaded. */
export { isRollcallError, RollcallError } from '@rollcall/connector-kit';
export { errorBody } from './reconciliation/error-body.js';
export { worstExit } from './reconciliation/exit-code.js';
export { nearestName } from './rules/nearest-name.js';
export { escapeControl } from './security/redact.js';
