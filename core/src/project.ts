/** The files of a project, for those who read them before they open a store. */
export { findProject, PROJECT_FILE, readProject, type ProjectConfiguration } from './configuration/read-project.js';
export { ProjectFiles } from './configuration/project-files.js';
export { packageFileOf } from './configuration/read-mapping.js';
export { readSecretKey, resolveSecret } from './configuration/secrets.js';
