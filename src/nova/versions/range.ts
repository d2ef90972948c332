/** The microversions that this nova speaks: up to that of OpenStack 2024.1 (Caracal). */
export const minVersion = '2.1'
export const maxVersion = '2.96'
